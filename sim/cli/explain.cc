#include "sim/cli/explain.h"

#include <iostream>

#include "base/text/diagnostic.h"
#include "sim/cli/exit_code.h"
#include "sim/cli/file_options.h"
#include "sim/file/explain.h"
#include "sim/study/freeze.h"

namespace macula::sim {

namespace {

constexpr FileCommand kCommand{"explain",
                               "FILE",
                               "print a scenario with everything filled in",
                               "Prints the scenario with every default filled in, and where each "
                               "value came from.\nWith --freeze: as one seed draws it, each time "
                               "that a step happens as a step of its own.\n",
                               true,
                               false,
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
  const std::string& path = parsed->paths.front();
  const auto text = parsed->freeze ? freeze_scenario(kit, path, parsed->overrides, parsed->seed)
                                   : explain_scenario(kit, path, parsed->overrides);
  if (!text) {
    std::cerr << format(text.error());
    return kBadInput;
  }
  std::cout << *text;
  return kPassed;
}

}  // namespace macula::sim
