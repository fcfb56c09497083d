#include "sim/cli/manual.h"

#include "sim/cli/check.h"
#include "sim/cli/compare.h"
#include "sim/cli/compare_options.h"
#include "sim/cli/diff.h"
#include "sim/cli/diff_options.h"
#include "sim/cli/exit_code.h"
#include "sim/cli/explain.h"
#include "sim/cli/graph.h"
#include "sim/cli/list.h"
#include "sim/cli/merge.h"
#include "sim/cli/options.h"
#include "sim/cli/reference.h"
#include "sim/cli/report.h"
#include "sim/cli/run.h"
#include "sim/cli/sweep.h"
#include "sim/cli/sweep_options.h"
#include "sim/cli/why.h"
#include "sim/scenario/program_name.h"

namespace macula::sim {

std::vector<Command> commands() {
  return {{run_manual(), run_run},     {sweep_manual(), run_sweep},
          {merge_manual(), run_merge}, {compare_manual(), run_compare},
          {diff_manual(), run_diff},   {report_manual(), run_report},
          {graph_manual(), run_graph}, {check_manual(), run_check},
          {list_manual(), run_list},   {explain_manual(), run_explain},
          {why_manual(), run_why},     {reference_manual(), run_reference}};
}

ProgramManual simulator_manual(const std::vector<Command>& own) {
  ProgramManual manual;
  manual.name = program_name();
  manual.summary = "deterministic network simulator and test harness";
  manual.about =
      "Runs the nodes of a protocol in a virtual network, and judges them by scenario files.\n"
      "The same file and seed give the same run, to the last bit.\n";
  for (Command& command : commands()) manual.commands.push_back(std::move(command.manual));
  for (const Command& command : own) manual.commands.push_back(command.manual);
  manual.exit_codes = {
      {kPassed, "All expectations hold, or the question was answered."},
      {kFailed,
       "An expectation does not hold, an invariant was violated, a run crashed, or a result is "
       "missing."},
      {kBadInput, "Bad input, wrong usage, or output that cannot be written."},
      {kNotDeterministic, "Two runs of one scenario and seed differ."},
      {kUnsure, "`compare --require-sure` found something unsure."},
      {130, "Interrupted by SIGINT; by SIGTERM it is 143."}};
  return manual;
}

}  // namespace macula::sim
