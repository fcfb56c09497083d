// Files that are whole or not there, readable by their owner alone.
//
//   auto written = write_private_file(folder + "/identity", text);
//   auto read = read_private_file(folder + "/identity", 4096);
//
// A file is written beside its place, brought to the disk, and moved there: who crashes in between
// leaves the old one. All errors are for a person, and begin with the file's name.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "dht/quic/udp/unique_fd.h"

namespace macula::dht::quic {

// Makes the folder, with mode 0700, where there is none. Refused: one that others may read or
// write, or that belongs to someone else.
[[nodiscard]] tl::expected<void, std::string> make_private_folder(const std::string& folder);

// Makes `file` the mark of one user at a time, until the descriptor is closed, as by the end of the
// process. Refused: where another has it.
[[nodiscard]] tl::expected<UniqueFd, std::string> lock_private_file(const std::string& file);

// Moves a file, or whatever stands there, out of the way: `file` with ".damaged" behind it, in
// place of what has that name. Returns the new name.
[[nodiscard]] tl::expected<std::string, std::string> set_aside(const std::string& file);

// Mode 0600.
[[nodiscard]] tl::expected<void, std::string> write_private_file(const std::string& file,
                                                                 std::string_view text);

// Nothing where there is none. Refused: one that others may read or write, that belongs to someone
// else, that is no plain file, or that is longer than `limit`.
[[nodiscard]] tl::expected<std::optional<std::string>, std::string> read_private_file(
    const std::string& file, std::size_t limit);

}  // namespace macula::dht::quic
