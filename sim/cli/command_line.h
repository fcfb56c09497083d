// Command lines of options and paths, as all commands that read scenario files take them.
#pragma once

#include <boost/program_options.hpp>
#include <functional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace macula::sim {

using DescribeUnknown = std::function<std::string(const boost::program_options::unknown_option&)>;

// The values of `options`, and of "path" what is no option. The error says what is wrong with the
// arguments; `unknown` words it for an option that is not there.
[[nodiscard]] tl::expected<boost::program_options::variables_map, std::string> read_command_line(
    boost::program_options::options_description options, const std::vector<std::string>& arguments,
    const DescribeUnknown& unknown);

}  // namespace macula::sim
