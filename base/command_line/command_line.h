// Command lines of options and other arguments, as all commands take them.
//
//   auto values = read_command_line(shown_options(), arguments,
//                                   [](const auto& error) { return nearest_option(error, options);
//                                   });
//   positional_arguments(*values);
#pragma once

#include <boost/program_options.hpp>
#include <functional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace macula {

using DescribeUnknown = std::function<std::string(const boost::program_options::unknown_option&)>;

// The values of `options`. The error says what is wrong with the arguments; `unknown` words it for
// an option that is not there.
[[nodiscard]] tl::expected<boost::program_options::variables_map, std::string> read_command_line(
    boost::program_options::options_description options, const std::vector<std::string>& arguments,
    const DescribeUnknown& unknown);

// What is no option, in order.
[[nodiscard]] std::vector<std::string> positional_arguments(
    const boost::program_options::variables_map& values);

// "unknown option '--sed', did you mean --seed?"
[[nodiscard]] std::string nearest_option(
    const boost::program_options::unknown_option& error,
    const boost::program_options::options_description& options);

}  // namespace macula
