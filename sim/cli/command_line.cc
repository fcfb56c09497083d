#include "sim/cli/command_line.h"

namespace macula::sim {

namespace po = boost::program_options;

tl::expected<po::variables_map, std::string> read_command_line(
    po::options_description options, const std::vector<std::string>& arguments,
    const DescribeUnknown& unknown) {
  options.add_options()("path", po::value<std::vector<std::string>>());
  po::positional_options_description positional;
  positional.add("path", -1);
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
    return tl::unexpected(unknown(error));
  } catch (const po::error& error) {
    return tl::unexpected(std::string(error.what()));
  }
  return values;
}

}  // namespace macula::sim
