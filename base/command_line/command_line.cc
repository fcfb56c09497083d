#include "base/command_line/command_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "base/text/suggest.h"

namespace macula {

namespace po = boost::program_options;

namespace {

constexpr const char* kPositional = "argument";

// Boost names the option that it does not know; we add the one that was meant.
std::string nearest_option(const po::unknown_option& error,
                           const po::options_description& options) {
  const std::string given = error.get_option_name();
  std::vector<std::string> names;
  for (const auto& option : options.options()) names.push_back(option->long_name());
  const std::size_t dashes = std::min(given.find_first_not_of('-'), given.size());
  const std::string meant = nearest(given.substr(dashes), names);
  return fmt::format("unknown option '{}'{}", given,
                     meant.empty() ? "" : fmt::format(", did you mean --{}?", meant));
}

}  // namespace

tl::expected<po::variables_map, std::string> read_command_line(
    po::options_description options, const std::vector<std::string>& arguments) {
  const po::options_description shown = options;
  options.add_options()(kPositional, po::value<std::vector<std::string>>());
  po::positional_options_description positional;
  positional.add(kPositional, -1);
  po::variables_map values;
  // Guessing from a prefix is off: a script must not change its meaning when an option is added.
  const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
  // Boost reports what is wrong with a command line by exceptions only.
  try {
    po::store(po::command_line_parser(arguments)
                  .options(options)
                  .positional(positional)
                  .style(style)
                  .run(),
              values);
  } catch (const po::unknown_option& error) {
    return tl::unexpected(nearest_option(error, shown));
  } catch (const po::error& error) {
    return tl::unexpected(std::string(error.what()));
  }
  return values;
}

std::vector<std::string> positional_arguments(const po::variables_map& values) {
  if (values.count(kPositional) == 0) return {};
  return values[kPositional].as<std::vector<std::string>>();
}

}  // namespace macula
