#include "sim/cli/sweep.h"

#include <iostream>

#include "sim/cli/exit_code.h"
#include "sim/cli/run.h"
#include "sim/cli/sweep_options.h"
#include "sim/study/output_file.h"
#include "sim/study/same_file.h"
#include "sim/study/sweep_output.h"

namespace macula::sim {
namespace {

int bad_input(const std::string& message) {
  std::cerr << "macula-sim sweep: " << message << '\n';
  return kBadInput;
}

std::vector<std::string> inputs_of(const SweepBatch& sweep) {
  const Scenario& scenario = sweep.batch.scenarios.front();
  std::vector<std::string> inputs = scenario.inputs;
  inputs.push_back(scenario.file);
  return inputs;
}

int run_all(const SweepBatch& sweep, const SweepArguments& arguments) {
  const std::string wrong = clash({{"--csv", arguments.csv_file}}, inputs_of(sweep));
  if (!arguments.csv_file.empty() && !wrong.empty()) return bad_input(wrong);
  auto csv = OutputFile::open(arguments.csv_file);
  if (!csv) return bad_input(csv.error());
  SweepOutput output(sweep, csv->get());
  const int code =
      run_batch(sweep.batch, arguments.run,
                [&](std::size_t run, const Outcome& outcome) { output.add(run, outcome.result); });
  if (code == kBadInput) return code;
  for (const std::string& line : output.table()) {
    (arguments.run.output_taken ? std::cerr : std::cout) << line << '\n';
  }
  if (const std::string unwritten = output.close(); !unwritten.empty()) return bad_input(unwritten);
  return code;
}

}  // namespace

int run_sweep(const Kit& kit, const std::vector<std::string>& arguments) {
  auto parsed = parse_sweep_arguments(arguments);
  if (!parsed) return bad_input(parsed.error() + "\n'macula-sim sweep --help' lists the options");
  if (parsed->run.help) {
    std::cout << help_text("macula-sim", sweep_manual());
    return kPassed;
  }
  const auto sweep = make_sweep(kit, parsed->run.campaign, parsed->axes);
  if (!sweep) {
    std::cerr << sweep.error();
    return kBadInput;
  }
  std::cerr << sweep->batch.warnings;
  parsed->run.campaign.seeds.reset();  // they are the batch's now: points are told by the table
  return run_all(*sweep, *parsed);
}

}  // namespace macula::sim
