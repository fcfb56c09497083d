#include "sim/cli/explain.h"

#include <iostream>

#include "base/text/diagnostic.h"
#include "base/text/units.h"
#include "sim/cli/bad_input.h"
#include "sim/cli/exit_code.h"
#include "sim/cli/file_options.h"
#include "sim/file/explain.h"
#include "sim/scenario/program_name.h"
#include "sim/study/event_text.h"
#include "sim/study/events_around.h"
#include "sim/study/freeze.h"

namespace macula::sim {

namespace {

constexpr FileCommand kExplainCommand{
    "explain",
    "FILE",
    "print a scenario with everything filled in",
    "Prints the scenario with every default filled in, and where each "
    "value came from.\nWith --freeze: as one seed draws it, each time "
    "that a step happens as a step of its own. With --events: what happens in "
    "a run around a time.\n",
    true,
    false,
    true};

constexpr std::size_t kLinesShown = 20;  // before the time, and from it on

void print_events(const std::vector<std::string>& lines) {
  for (const std::string& line : lines) std::cout << event_text(line) << '\n';
}

int explain_events(const Kit& kit, const FileArguments& arguments) {
  const auto scenario = parse_scenario(kit, arguments.paths.front(), arguments.overrides);
  if (!scenario) {
    std::cerr << format(scenario.error());
    return kBadInput;
  }
  const auto around = events_around(*scenario, arguments.seed.value_or(scenario->seed),
                                    kTimeZero + arguments.around, kLinesShown);
  if (!around) return bad_input("explain", around.error());
  print_events(around->before);
  std::cout << "-- " << format_duration(arguments.around) << " --\n";
  print_events(around->from);
  return kPassed;
}

}  // namespace

CommandManual explain_manual() {
  return manual_of(kExplainCommand);
}

int run_explain(const Kit& kit, const std::vector<std::string>& arguments) {
  const auto parsed = parse_file_arguments(kExplainCommand, arguments);
  if (parsed && parsed->help) {
    std::cout << help_text(program_name(), explain_manual());
    return kPassed;
  }
  if (!parsed || parsed->paths.size() != 1) {
    return bad_input("explain", parsed ? "takes one scenario file" : parsed.error());
  }
  if (parsed->events) return explain_events(kit, *parsed);
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
