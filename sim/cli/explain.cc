#include "sim/cli/explain.h"

#include <iostream>

#include "base/text/diagnostic.h"
#include "sim/cli/exit_code.h"
#include "sim/cli/file_options.h"
#include "sim/file/explain.h"

namespace macula::sim {

namespace {

constexpr FileCommand kCommand{"explain", "FILE", "print a scenario with everything filled in",
                               "Prints the scenario with every default filled in, and where each "
                               "value came from.\n",
                               true};

}  // namespace

CommandManual explain_manual() {
  return manual_of(kCommand);
}

int run_explain(const Kit& kit, const std::vector<std::string>& arguments) {
  const auto parsed = parse_file_arguments(kCommand, arguments);
  if (parsed && parsed->help) {
    std::cout << help_text("macula-sim", explain_manual());
    return kPassed;
  }
  if (!parsed || parsed->paths.size() != 1) {
    std::cerr << "macula-sim explain: " << (parsed ? "takes one scenario file" : parsed.error())
              << '\n';
    return kBadInput;
  }
  const auto text = explain_scenario(kit, parsed->paths.front(), parsed->overrides);
  if (!text) {
    std::cerr << format(text.error());
    return kBadInput;
  }
  std::cout << *text;
  return kPassed;
}

}  // namespace macula::sim
