#include "sim/cli/file_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/program_options.hpp>
#include <sstream>

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
  po::options_description all = shown_options(command);
  all.add_options()("path", po::value<Texts>());
  po::positional_options_description positional;
  positional.add("path", -1);
  po::variables_map values;
  const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
  // Boost reports what is wrong with a command line by exceptions only.
  try {
    po::store(
        po::command_line_parser(arguments).options(all).positional(positional).style(style).run(),
        values);
  } catch (const po::unknown_option& error) {
    return tl::unexpected(describe(error, command));
  } catch (const po::error& error) {
    return tl::unexpected(std::string(error.what()));
  }
  FileArguments to;
  to.help = values.count("help") != 0;
  if (values.count("path") != 0) to.paths = values["path"].as<Texts>();
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
