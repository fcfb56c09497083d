#include "sim/cli/run.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "sim/cli/batch.h"
#include "sim/cli/exit_code.h"
#include "sim/cli/options.h"
#include "sim/cli/ordered_pool.h"
#include "sim/cli/outputs.h"
#include "sim/cli/progress.h"
#include "sim/cli/terminal.h"
#include "sim/quic/worlds.h"

namespace macula::sim {
namespace {

int usage_error(const std::string& message) {
  fmt::print(stderr, "macula-sim run: {}\n", message);
  fmt::print(stderr, "'macula-sim run --help' lists the options\n");
  return kBadInput;
}

int input_error(const std::string& message) {
  fmt::print(stderr, "macula-sim run: {}\n", message);
  return kBadInput;
}

TerminalStyle style_of(const RunArguments& arguments) {
  TerminalStyle style;
  style.colours = wants_colours(STDOUT_FILENO);
  style.quiet = arguments.quiet;
  style.show_seeds = arguments.seeds && arguments.seeds->first != arguments.seeds->last;
  style.overrides = arguments.overrides;
  return style;
}

// The worst that happened; a run that is not deterministic outweighs one that failed.
int exit_code_of(const Terminal& terminal) {
  if (terminal.not_deterministic() != 0) return kNotDeterministic;
  return terminal.failed() != 0 ? kFailed : kPassed;
}

int run_all(const Batch& batch, const RunArguments& arguments, Outputs& outputs) {
  Terminal terminal(std::cout, style_of(arguments));
  Progress progress(isatty(STDERR_FILENO) != 0, batch.runs.size());
  std::vector<Outcome> outcomes(batch.runs.size());
  std::size_t finished = 0;
  OrderedWork ordered;
  ordered.work = [&](std::size_t i) {
    outcomes[i] = run_one(batch.runs[i], arguments, outputs.run_files(i));
  };
  ordered.done = [&](std::size_t i) {
    progress.clear();
    terminal.print(outcomes[i]);
    outputs.add(outcomes[i]);
    outcomes[i] = Outcome();  // its memory is free for later runs
    ++finished;
  };
  ordered.tick = [&] { progress.show(finished, terminal.failed()); };
  run_ordered(batch.runs.size(), arguments.jobs, ordered);
  progress.clear();
  terminal.print_summary();
  std::cout.flush();
  if (!std::cout) return input_error("cannot write to the standard output");
  const auto closed = outputs.close();
  if (!closed) return input_error(closed.error());
  return exit_code_of(terminal);
}

// Once for all files.
void warn(const Batch& batch, const WorldKind& world) {
  const auto unbound =
      std::count_if(batch.scenarios.begin(), batch.scenarios.end(),
                    [&](const Scenario& scenario) { return proves_no_ids(world, scenario); });
  if (unbound == 0) return;
  fmt::print(stderr,
             "macula-sim run: warning: {} of {} scenarios say `identity = \"unbound\"`: there, "
             "nodes do not prove their ids\n",
             unbound, batch.scenarios.size());
}

}  // namespace

int run_run(const std::vector<std::string>& arguments) {
  const auto parsed = parse_run_arguments(arguments);
  if (!parsed) return usage_error(parsed.error());
  if (parsed->help) {
    std::cout << run_help();
    return kPassed;
  }
  const auto batch = make_batch(*parsed);
  if (!batch) {
    std::cerr << batch.error();
    return kBadInput;
  }
  if (!parsed->trace_file.empty() && batch->runs.size() != 1) {
    return usage_error(
        fmt::format("--trace follows one run, and these are {}; use --out", batch->runs.size()));
  }
  fmt::print(stderr, "{}", batch->warnings);
  warn(*batch, parsed->world);
  auto outputs = Outputs::open(*parsed, *batch);
  if (!outputs) return input_error(outputs.error());
  return run_all(*batch, *parsed, *outputs);
}

}  // namespace macula::sim
