// Finding and reading the files that a command names.
#pragma once

#include <cstddef>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "base/text/diagnostic.h"

namespace macula::sim {

// Every path that is a file, and every *.toml file in or below one that is a folder, sorted by path
// within the folder; each file once, in order of the paths. A path that does not exist and a folder
// without any are errors.
[[nodiscard]] tl::expected<std::vector<std::string>, Diagnostics> find_scenario_files(
    const std::vector<std::string>& paths);

// The whole file; the error says why not. Longer files than `bytes_max` are an error.
[[nodiscard]] tl::expected<std::string, std::string> read_file(const std::string& path,
                                                               std::size_t bytes_max);

// Where a file named inside a scenario file is: beside that file, or in a folder above it. Regular
// files only, so that a device cannot hang the reader. Empty: nowhere.
[[nodiscard]] std::string find_beside(const std::string& scenario_path, const std::string& name);

}  // namespace macula::sim
