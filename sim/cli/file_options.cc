#include "sim/cli/file_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/program_options.hpp>
#include <sstream>

#include "base/command_line/command_line.h"

namespace macula::sim {
namespace {

namespace po = boost::program_options;
using Texts = std::vector<std::string>;

po::options_description shown_options(const FileCommand& command) {
  po::options_description options("Options");
  if (command.takes_overrides) {
    options.add_options()("set", po::value<Texts>()->value_name("KEY=VALUE"),
                          "override a key of the scenario, as in protocol.k=2; may be repeated");
  }
  if (command.takes_strict) options.add_options()("strict", "take warnings for errors");
  options.add_options()("help", "print this text");
  return options;
}

std::string describe(const po::unknown_option& error, const FileCommand& command) {
  const std::string given = error.get_option_name();
  const std::string name = given.substr(std::min(given.find_first_not_of('-'), given.size()));
  if (std::find(command.planned.begin(), command.planned.end(), name) != command.planned.end()) {
    return fmt::format("--{} is not built yet", name);
  }
  return fmt::format("unknown option '{}'; --help lists the options", given);
}

}  // namespace

tl::expected<FileArguments, std::string> parse_file_arguments(const FileCommand& command,
                                                              const Texts& arguments) {
  const auto read =
      read_command_line(shown_options(command), arguments,
                        [&](const po::unknown_option& error) { return describe(error, command); });
  if (!read) return tl::unexpected(read.error());
  const po::variables_map& values = *read;
  FileArguments to;
  to.help = values.count("help") != 0;
  to.strict = command.takes_strict && values.count("strict") != 0;
  to.paths = positional_arguments(values);
  if (!command.takes_overrides || values.count("set") == 0) return to;
  for (const std::string& text : values["set"].as<Texts>()) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      return tl::unexpected(
          fmt::format("--set takes KEY=VALUE, as in protocol.k=2, not '{}'", text));
    }
    to.overrides.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return to;
}

std::string file_help(const FileCommand& command) {
  std::ostringstream text;
  text << "Usage: " << command.usage << "\n\n" << command.about << "\n\n" << shown_options(command);
  return text.str();
}

}  // namespace macula::sim
