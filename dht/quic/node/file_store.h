// Files that are whole or not there, readable by their owner alone.
//
//   auto written = write_private_file(folder + "/identity", text);
//   auto text = read_private_file(folder + "/identity", 4096);
//
// A file is written beside its place, brought to the disk, and moved there: who crashes in between
// leaves the old one. All errors are for a person, and begin with the file's name.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace macula::dht::quic {

// Makes the folder, with mode 0700, where there is none. Refused: one that others may read or
// write, or that belongs to someone else.
[[nodiscard]] tl::expected<void, std::string> make_private_folder(const std::string& folder);

// Mode 0600.
[[nodiscard]] tl::expected<void, std::string> write_private_file(const std::string& file,
                                                                 std::string_view text);

// Nothing where there is none. Refused: one that others may read or write, that belongs to someone
// else, that is no plain file, or that is longer than `limit`.
[[nodiscard]] tl::expected<std::optional<std::string>, std::string> read_private_file(
    const std::string& file, std::size_t limit);

}  // namespace macula::dht::quic
