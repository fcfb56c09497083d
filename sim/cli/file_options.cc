#include "sim/cli/file_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/program_options.hpp>
#include <utility>

#include "base/command_line/command_line.h"

namespace macula::sim {
namespace {

namespace po = boost::program_options;
using Texts = std::vector<std::string>;

}  // namespace

std::string text_of(const po::variables_map& values, const char* name) {
  return values.count(name) == 0 ? std::string() : values[name].as<std::string>();
}

tl::expected<Overrides, std::string> overrides_of(const po::variables_map& values,
                                                  const std::string& name) {
  Overrides overrides;
  if (values.count(name) == 0) return overrides;
  for (const std::string& text : values[name].as<Texts>()) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      return tl::unexpected(
          fmt::format("--{} takes KEY=VALUE, as in protocol.k=2, not '{}'", name, text));
    }
    overrides.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return overrides;
}

std::vector<std::string> paths_of(const po::variables_map& values) {
  std::vector<std::string> paths = positional_arguments(values);
  std::replace(paths.begin(), paths.end(), std::string("-"), std::string("/dev/stdin"));
  return paths;
}

tl::expected<FileArguments, std::string> parse_file_arguments(const FileCommand& command,
                                                              const Texts& arguments) {
  const CommandManual manual = manual_of(command);
  const auto read = read_command_line(
      manual.options, arguments,
      [&](const po::unknown_option& error) { return nearest_option(error, manual.options); });
  if (!read) return tl::unexpected(read.error());
  const po::variables_map& values = *read;
  FileArguments to;
  to.help = values.count("help") != 0;
  to.strict = command.takes_strict && values.count("strict") != 0;
  to.paths = paths_of(values);
  if (!command.takes_overrides) return to;
  auto overrides = overrides_of(values, "set");
  if (!overrides) return tl::unexpected(overrides.error());
  to.overrides = std::move(*overrides);
  return to;
}

CommandManual manual_of(const FileCommand& command) {
  CommandManual manual;
  manual.name = command.name;
  manual.operands = command.operands;
  manual.summary = command.summary;
  manual.about = command.about;
  manual.takes_files = true;
  if (command.takes_overrides) {
    manual.options.add_options()(
        "set", po::value<Texts>()->value_name("KEY=VALUE"),
        "override a key of the scenario, as in protocol.k=2; may be repeated");
  }
  if (command.takes_strict) manual.options.add_options()("strict", "take warnings for errors");
  manual.options.add_options()("help", "print this text");
  return manual;
}

}  // namespace macula::sim
