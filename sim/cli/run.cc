#include "sim/cli/run.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <tuple>
#include <utility>

#include "base/command_line/standard_output.h"
#include "sim/cli/bad_input.h"
#include "sim/cli/exit_code.h"
#include "sim/cli/interrupt.h"
#include "sim/cli/options.h"
#include "sim/cli/progress.h"
#include "sim/cli/report.h"
#include "sim/cli/terminal.h"
#include "sim/scenario/program_name.h"
#include "sim/study/batch.h"
#include "sim/study/batch_store.h"
#include "sim/study/dealt_runs.h"
#include "sim/study/ordered_pool.h"
#include "sim/study/outputs.h"
#include "sim/study/worlds.h"

namespace macula::sim {
namespace {

int usage_error(const std::string& message) {
  return bad_input("run", message + help_hint("run"));
}

// The positions of the runs that are this command's.
std::vector<std::size_t> part_of(const Batch& batch, const Shard& shard) {
  std::vector<std::size_t> part;
  for (std::size_t i = 0; i < batch.runs.size(); ++i) {
    if (shard.has(i)) part.push_back(i);
  }
  return part;
}

// Where results go to the standard output, people read the error stream.
bool results_on_standard_output(const RunArguments& arguments) {
  return arguments.output_taken || arguments.campaign.json_file == kStandardOutput ||
         arguments.campaign.junit_file == kStandardOutput ||
         arguments.campaign.trace_file == kStandardOutput ||
         arguments.campaign.pcap_file == kStandardOutput;
}

TerminalStyle style_of(const RunArguments& arguments, const Batch& batch) {
  TerminalStyle style;
  style.colours =
      wants_colours(results_on_standard_output(arguments) ? STDERR_FILENO : STDOUT_FILENO);
  style.quiet = arguments.quiet;
  style.show_seeds =
      arguments.campaign.seeds && arguments.campaign.seeds->first != arguments.campaign.seeds->last;
  style.tables = arguments.verbose || (batch.runs.size() == 1 && !arguments.quiet);
  style.verified = arguments.campaign.verify;
  style.world = arguments.campaign.world.name;
  return style;
}

// The worst that happened; a run that is not deterministic outweighs one that failed.
int exit_code_of(const Terminal& terminal) {
  if (terminal.not_deterministic() != 0) return kNotDeterministic;
  return terminal.failed() != 0 ? kFailed : kPassed;
}

// All runs of a command, and what becomes of their outcomes.
class RunAll {
 public:
  RunAll(const Batch& batch, const RunArguments& arguments, Outputs& outputs,
         std::optional<BatchStore>& store, const SeeRun& see, DealtRuns* dealt)
      : batch_(batch),
        part_(part_of(batch, arguments.campaign.shard)),
        arguments_(arguments),
        outputs_(outputs),
        store_(store),
        see_(see),
        dealt_(dealt),
        terminal_(results_on_standard_output(arguments) ? std::cerr : std::cout,
                  style_of(arguments, batch)),
        progress_(isatty(STDERR_FILENO) != 0, part_.size()),
        outcomes_(part_.size()) {}

  int run() {
    watch_signals();
    OrderedWork ordered;
    ordered.work = [this](std::size_t i, const GiveUpThread& give_up) { work(i, give_up); };
    ordered.done = [this](std::size_t i) { done(i); };
    ordered.tick = [this] { progress_.show(printed_, terminal_.failed()); };
    ordered.stop = [] { return signal_received() != 0 || standard_output_failed(); };
    const WorkDone all = run_ordered(part_.size(), arguments_.campaign.jobs, std::move(ordered));
    const int code = finish();
    // Runs that still go on hold on to all this.
    if (all.running) {
      std::cout.flush();
      std::_Exit(code);
    }
    return code;
  }

 private:
  void work(std::size_t i, const GiveUpThread& give_up) {
    const std::size_t run = part_[i];
    if (store_ && store_->has(run)) {
      outcomes_[i] = store_->take(run);
      return;
    }
    if (dealt_ != nullptr) {
      if (auto outcome = dealt_->wait(run)) {
        outcomes_[i] = std::move(*outcome);
        return;
      }
    }
    run_on_thread(batch_.runs[run], arguments_.campaign, outputs_.run_files(run), interrupted,
                  give_up, outcomes_[i]);
    // At once: what is not kept yet is lost if the program is killed.
    if (store_) store_->keep(run, outcomes_[i]);
  }

  void done(std::size_t i) {
    progress_.clear();
    // A run whose thread was given up is not kept yet.
    if (store_ && !store_->has(part_[i])) store_->keep(part_[i], outcomes_[i]);
    if (!outcomes_[i].result.interrupted) {
      terminal_.print(outcomes_[i]);
      outputs_.add(outcomes_[i]);
      if (see_) see_(part_[i], outcomes_[i]);
      ++printed_;
    }
    outcomes_[i] = Outcome();  // its memory is free for later runs
  }

  int finish() {
    progress_.clear();
    Ending ending;
    ending.wall = std::chrono::steady_clock::now() - start_;
    ending.interrupted = printed_ < part_.size();
    ending.asked = part_.size();
    ending.taken = store_ ? store_->taken() : 0;
    terminal_.print_summary(ending);
    const auto closed = outputs_.close(part_.size() - printed_);
    if (const std::string wrong = flush_standard_output(); !wrong.empty()) {
      return bad_input(arguments_.command, wrong + "; after " + std::to_string(printed_) + " of " +
                                               std::to_string(part_.size()) + " runs");
    }
    if (!closed) return bad_input(arguments_.command, closed.error());
    if (ending.interrupted) return exit_code_of_signal(signal_received());
    return exit_code_of(terminal_);
  }

  const Batch& batch_;
  const std::vector<std::size_t> part_;
  const RunArguments& arguments_;
  Outputs& outputs_;
  std::optional<BatchStore>& store_;
  const SeeRun& see_;
  DealtRuns* dealt_;  // null: all is run here
  Terminal terminal_;
  Progress progress_;
  std::vector<Outcome> outcomes_;
  std::size_t printed_ = 0;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// Once for all files.
void warn(const Batch& batch, const WorldKind& world) {
  const auto unbound =
      std::count_if(batch.scenarios.begin(), batch.scenarios.end(),
                    [&](const Scenario& scenario) { return proves_no_ids(world, scenario); });
  if (unbound == 0) return;
  std::cerr << program_name() << " run: warning: " << unbound << " of " << batch.scenarios.size()
            << " scenarios say `identity = \"unbound\"`: there, nodes do not prove their ids\n";
}

void say_shard(const RunArguments& arguments, const Batch& batch) {
  const Shard& shard = arguments.campaign.shard;
  if (shard.count == 1) return;
  std::cerr << program_name() << " " << arguments.command << ": part " << shard.index + 1 << " of "
            << shard.count << (shard.from.empty() ? "" : " by " + shard.from) << ": "
            << part_of(batch, shard).size() << " of " << batch.runs.size() << " runs\n";
}

}  // namespace

int run_batch(const Batch& batch, const RunArguments& arguments, const SeeRun& see, Crew* crew) {
  auto outputs = Outputs::open(arguments.campaign, batch);
  if (!outputs) return bad_input(arguments.command, outputs.error());
  std::optional<BatchStore> store;
  if (!arguments.campaign.out_folder.empty()) {
    auto opened = BatchStore::open(arguments.campaign, batch);
    if (!opened) return bad_input(arguments.command, opened.error());
    store = std::move(*opened);
    for (const std::size_t run : part_of(batch, arguments.campaign.shard)) {
      if (store->has(run) && outputs->shows_another(run, batch)) store->run_again(run);
    }
  }
  say_shard(arguments, batch);
  std::optional<DealtRuns> dealt;
  if (crew != nullptr) dealt.emplace(*crew, batch, arguments.campaign, *store);
  return RunAll(batch, arguments, *outputs, store, see, dealt ? &*dealt : nullptr).run();
}

int run_run(const Kit& kit, const std::vector<std::string>& arguments) {
  const auto parsed = parse_run_arguments(arguments);
  if (!parsed) return usage_error(parsed.error());
  if (parsed->help) {
    std::cout << help_text(program_name(), run_manual());
    return kPassed;
  }
  const auto batch = make_batch(kit, parsed->campaign);
  if (!batch) {
    std::cerr << batch.error();
    return kBadInput;
  }
  if (!parsed->campaign.trace_file.empty() && batch->runs.size() != 1) {
    return usage_error("--trace follows one run, and these are " +
                       std::to_string(batch->runs.size()) + "; use --out");
  }
  if (!parsed->campaign.pcap_file.empty() && batch->runs.size() != 1) {
    return usage_error("--pcap follows one run, and these are " +
                       std::to_string(batch->runs.size()));
  }
  for (const Scenario& scenario : batch->scenarios) {
    const std::string wrong = check_trace_filter(parsed->campaign.trace_only, scenario);
    if (!wrong.empty()) return usage_error("--trace-only: " + scenario.file + ": " + wrong);
  }
  std::cerr << batch->warnings;
  warn(*batch, parsed->campaign.world);
  const auto& [folder, page] = std::tie(parsed->campaign.out_folder, parsed->campaign.report_file);
  if (const std::string wrong = check_report(page); !wrong.empty()) {
    return bad_input(parsed->command, wrong);
  }
  return report_too(kit, folder, page, run_batch(*batch, *parsed));
}

}  // namespace macula::sim
