// Command lines of options and other arguments, as all commands take them.
//
//   auto values = read_command_line(options, arguments);
//   positional_arguments(*values);
#pragma once

#include <boost/program_options.hpp>
#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace macula {

// The values of `options`. The error says what is wrong with the arguments: of an option that is
// not there, "unknown option '--sed', did you mean --seed?".
[[nodiscard]] tl::expected<boost::program_options::variables_map, std::string> read_command_line(
    boost::program_options::options_description options, const std::vector<std::string>& arguments);

// The arguments that are no options, in order.
[[nodiscard]] std::vector<std::string> positional_arguments(
    const boost::program_options::variables_map& values);

}  // namespace macula
