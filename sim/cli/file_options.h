// The common part of the command lines of several commands, and the whole of those that do no more
// than read scenario files: paths, and for some `--set KEY=VALUE`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "base/command_line/manual.h"
#include "sim/file/parse.h"

namespace macula::sim {

struct FileArguments {
  bool help = false;
  std::vector<std::string> paths;
  Overrides overrides;
  bool strict = false;
  // For a run: these are for `explain`.
  bool freeze = false;
  bool events = false;
  Duration around{0};  // since the start
  std::optional<std::uint64_t> seed;
};

struct FileCommand {
  std::string_view name;      // "explain"
  std::string_view operands;  // "FILE"
  std::string_view summary;   // a line
  std::string_view about;     // whole lines, for --help
  bool takes_overrides = false;
  bool takes_strict = false;
  bool takes_run = false;  // what is asked of a run of it
};

// The value of an option; empty where it is not given.
[[nodiscard]] std::string text_of(const boost::program_options::variables_map& values,
                                  const char* name);

// Nothing where the text is no whole number of 64 bits.
[[nodiscard]] std::optional<std::uint64_t> parse_number(std::string_view text);

// The value of `--seed`; nothing where it is not given. The error is for a person.
[[nodiscard]] tl::expected<std::optional<std::uint64_t>, std::string> seed_of(
    const boost::program_options::variables_map& values);

// Those of an option that may be repeated, each KEY=VALUE. The error is for a person.
[[nodiscard]] tl::expected<Overrides, std::string> overrides_of(
    const boost::program_options::variables_map& values, const std::string& name);

// The operands; "-" is the standard input.
[[nodiscard]] std::vector<std::string> paths_of(
    const boost::program_options::variables_map& values);

// The error says what is wrong with the arguments.
[[nodiscard]] tl::expected<FileArguments, std::string> parse_file_arguments(
    const FileCommand& command, const std::vector<std::string>& arguments);

// Its entry in the manual.
[[nodiscard]] CommandManual manual_of(const FileCommand& command);

}  // namespace macula::sim
