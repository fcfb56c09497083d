#include "sim/cli/explain.h"

#include <fmt/format.h>

#include "base/text/diagnostic.h"
#include "sim/cli/exit_code.h"
#include "sim/cli/file_options.h"
#include "sim/scenario/explain.h"

namespace macula::sim {

int run_explain(const std::vector<std::string>& arguments) {
  const FileCommand command{"macula-sim explain FILE [--set KEY=VALUE]...",
                            "Prints the scenario with every default filled in, and where each "
                            "value came from.",
                            true,
                            false,
                            {"events", "seed", "around"}};
  const auto parsed = parse_file_arguments(command, arguments);
  if (parsed && parsed->help) {
    fmt::print("{}", file_help(command));
    return kPassed;
  }
  if (!parsed || parsed->paths.size() != 1) {
    fmt::print(stderr, "macula-sim explain: {}\n",
               parsed ? "takes one scenario file" : parsed.error());
    return kBadInput;
  }
  const auto text = explain_scenario(parsed->paths.front(), parsed->overrides);
  if (!text) {
    fmt::print(stderr, "{}", format(text.error()));
    return kBadInput;
  }
  fmt::print("{}", *text);
  return kPassed;
}

}  // namespace macula::sim
