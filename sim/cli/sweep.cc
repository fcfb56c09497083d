#include "sim/cli/sweep.h"

#include <cstdlib>
#include <iostream>
#include <memory>
#include <utility>

#include "sim/cli/bad_input.h"
#include "sim/cli/exit_code.h"
#include "sim/cli/interrupt.h"
#include "sim/cli/report.h"
#include "sim/cli/run.h"
#include "sim/cli/sweep_options.h"
#include "sim/scenario/program_name.h"
#include "sim/study/dealt_runs.h"
#include "sim/study/output_file.h"
#include "sim/study/ranks.h"
#include "sim/study/same_file.h"
#include "sim/study/sweep_output.h"

namespace macula::sim {
namespace {

std::vector<std::string> inputs_of(const SweepBatch& sweep) {
  const Scenario& scenario = sweep.batch.scenarios.front();
  std::vector<std::string> inputs = scenario.inputs;
  inputs.push_back(scenario.file);
  return inputs;
}

int run_all(const SweepBatch& sweep, const SweepArguments& arguments, Crew* crew) {
  std::vector<std::pair<std::string, std::string>> outputs;
  for (const auto& [option, file] : {std::pair("--csv", &arguments.csv_file),
                                     std::pair("--report", &arguments.run.campaign.report_file)}) {
    if (!file->empty()) outputs.emplace_back(option, *file);
  }
  const std::string wrong = clash(outputs, inputs_of(sweep));
  if (!wrong.empty()) return bad_input("sweep", wrong);
  auto csv = OutputFile::open(arguments.csv_file);
  if (!csv) return bad_input("sweep", csv.error());
  SweepOutput output(sweep, csv->get());
  const int code = run_batch(
      sweep.batch, arguments.run,
      [&](std::size_t run, const Outcome& outcome) { output.add(run, outcome.result); }, crew);
  if (code == kBadInput) return code;
  for (const std::string& line : output.table()) {
    (arguments.run.output_taken ? std::cerr : std::cout) << line << '\n';
  }
  if (const std::string unwritten = output.close(); !unwritten.empty())
    return bad_input("sweep", unwritten);
  return code;
}

using Sweep = tl::expected<SweepBatch, std::string>;

int run_sweep_of(const Kit& kit, const Sweep& sweep, SweepArguments& arguments, Crew* crew) {
  if (!sweep) {
    std::cerr << sweep.error();
    return kBadInput;
  }
  std::cerr << sweep->batch.warnings;
  const std::string page = arguments.run.campaign.report_file;
  if (const std::string wrong = check_report(page); !wrong.empty())
    return bad_input("sweep", wrong);
  if (crew != nullptr) {
    const std::string wrong = crew->greet(sweep->batch, arguments.run.campaign);
    if (!wrong.empty()) return bad_input("sweep", wrong);
  }
  arguments.run.campaign.seeds.reset();  // they are the batch's now: points are told by the table
  return report_too(kit, arguments.run.campaign.out_folder, page, run_all(*sweep, arguments, crew));
}

// Rank 0 says what becomes of it all.
int work_as_rank(Ranks& ranks, const Sweep& sweep, const Campaign& campaign) {
  if (sweep) {
    work_for_rank_0(ranks, sweep->batch, campaign, interrupted);
  } else {
    refuse_rank_0(ranks, sweep.error());
  }
  return kPassed;
}

template <typename Make>
int run_as_rank(const Kit& kit, SweepArguments& arguments, Make make) {
  auto ranks = join_ranks();
  if (!ranks) return bad_input("sweep", "--mpi: " + ranks.error());
  watch_signals();
  int code = kPassed;
  if ((*ranks)->self() != 0) {
    code = work_as_rank(**ranks, make(), arguments.run.campaign);
  } else {
    Crew crew(**ranks, interrupted);
    code = run_sweep_of(kit, make(), arguments, &crew);
  }
  if (!interrupted()) return code;
  // The other ranks come to no end that could be waited for.
  std::cout.flush();
  std::_Exit(exit_code_of_signal(signal_received()));
}

}  // namespace

int run_sweep(const Kit& kit, const std::vector<std::string>& arguments) {
  auto parsed = parse_sweep_arguments(arguments);
  if (!parsed) return bad_input("sweep", parsed.error() + help_hint("sweep"));
  if (parsed->run.help) {
    std::cout << help_text(program_name(), sweep_manual());
    return kPassed;
  }
  const auto make = [&] { return make_sweep(kit, parsed->run.campaign, parsed->axes); };
  if (parsed->mpi) return run_as_rank(kit, *parsed, make);
  return run_sweep_of(kit, make(), *parsed, nullptr);
}

}  // namespace macula::sim
