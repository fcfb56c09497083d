// The arguments of commands that read scenario files: paths, and for some `--set KEY=VALUE`.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "sim/scenario/parse.h"

namespace macula::sim {

struct FileArguments {
  bool help = false;
  std::vector<std::string> paths;
  Overrides overrides;
  bool strict = false;
};

struct FileCommand {
  std::string_view usage;  // "macula-sim explain FILE [--set KEY=VALUE]..."
  std::string_view about;  // what it does, for --help
  bool takes_overrides = false;
  bool takes_strict = false;
  std::vector<std::string> planned;  // options that are not built yet
};

// The error says what is wrong with the arguments.
[[nodiscard]] tl::expected<FileArguments, std::string> parse_file_arguments(
    const FileCommand& command, const std::vector<std::string>& arguments);

[[nodiscard]] std::string file_help(const FileCommand& command);

}  // namespace macula::sim
