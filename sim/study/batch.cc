#include "sim/study/batch.h"

#include <fmt/format.h>

#include <chrono>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <new>
#include <optional>
#include <system_error>

#include "base/check_context.h"
#include "sim/file/files.h"
#include "sim/file/parse.h"
#include "sim/run/replay.h"
#include "sim/run/run.h"
#include "sim/scenario/program_name.h"
#include "sim/study/json_output.h"
#include "sim/study/outputs.h"
#include "sim/study/packed_file.h"
#include "sim/study/trace_file.h"
#include "sim/study/verify.h"
#include "sim/study/worlds.h"

namespace macula::sim {
namespace {

RunResult run_timed(const Run& run, const RunOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  RunResult result = run_scenario(*run.scenario, run.seed, options);
  const auto wall = std::chrono::steady_clock::now() - start;
  result.wall_ns = std::chrono::duration_cast<std::chrono::nanoseconds>(wall).count();
  return result;
}

bool write_result(const RunResult& run, const std::string& path) {
  std::ofstream file(path, std::ios::binary);
  JsonOutput json(file);
  json.add(run);
  json.close(0);
  file.close();
  return !file.fail();
}

// Copies JSON lines.
bool copy(const std::string& from, const std::string& to) {
  const std::ifstream lines(from, std::ios::binary);
  if (to == kStandardOutput) {
    std::cout << lines.rdbuf();
    return static_cast<bool>(std::cout);
  }
  PackedFile trace(to);
  trace.stream() << lines.rdbuf();
  return trace.close();
}

Outcome run_with_files(const Run& run, const Campaign& campaign, const RunFiles& files,
                       const std::function<bool()>& stop) {
  Outcome outcome;
  const auto demand = [&](bool written, const std::string& path) {
    if (!written && outcome.error.empty()) outcome.error = fmt::format("cannot write {}", path);
  };
  RunOptions options;
  options.world = campaign.world;
  options.stop = stop;
  options.trace_only = campaign.trace_only;
  options.traced = files.traced;
  options.enough = files.enough;
  options.pictures = !campaign.out_folder.empty();
  outcome.started = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  // Until this run has ended there is no result beside its trace, not even an earlier one.
  std::error_code none;
  if (!files.result.empty()) std::filesystem::remove(files.result, none);
  std::optional<PackedFile> pcap;
  if (files.pcap == kStandardOutput) {
    options.pcap = &std::cout;
  } else if (!files.pcap.empty()) {
    options.pcap = &pcap.emplace(files.pcap).stream();
  }
  std::optional<TraceFile> trace;
  if (files.trace == kStandardOutput) {
    options.trace = &std::cout;
  } else if (!files.trace.empty()) {
    trace.emplace(files.trace, *run.scenario).ask_for(options);
  }
  // Lines are copied from there; another form is written at the same time.
  std::optional<TraceFile> form;
  const bool copied = !files.trace_copy.empty() && is_of_lines(files.trace_copy);
  if (!files.trace_copy.empty() && !copied) {
    form.emplace(files.trace_copy, *run.scenario).ask_for(options);
  }
  outcome.result = run_timed(run, options);
  if (trace) demand(trace->close(), files.trace);
  if (form) demand(form->close(), files.trace_copy);
  if (pcap) demand(pcap->close(), files.pcap);
  if (copied) demand(copy(files.trace, files.trace_copy), files.trace_copy);
  if (outcome.result.interrupted) return outcome;
  if (campaign.verify && outcome.result.crash.empty()) {
    options.trace = nullptr;
    options.trace_form = nullptr;
    options.pcap = nullptr;
    const RunResult again = run_timed(run, options);
    if (again.interrupted) {
      outcome.result.interrupted = true;
      return outcome;
    }
    outcome.difference = first_difference(outcome.result, again);
  }
  if (outcome.difference) outcome.result.passed = false;
  if (!files.result.empty()) demand(write_result(outcome.result, files.result), files.result);
  return outcome;
}

// The outcome of a run that did not come to its end. `crash`: the message of a failed check.
Outcome crashed_run(const Run& run, const Campaign& campaign, const std::string& crash) {
  Outcome outcome;
  outcome.result = result_of(*run.scenario, run.seed, campaign.world.name);
  outcome.result.crash = crash;
  return outcome;
}

std::vector<Run> runs_of(const std::vector<Scenario>& scenarios,
                         const std::optional<SeedRange>& seeds) {
  std::vector<Run> runs;
  for (const Scenario& scenario : scenarios) {
    const SeedRange range = seeds.value_or(SeedRange{scenario.seed, scenario.seed});
    const std::uint64_t count = range.last - range.first + 1;
    for (std::uint64_t i = 0; i < count; ++i) runs.push_back({&scenario, range.first + i});
  }
  return runs;
}

}  // namespace

tl::expected<Batch, std::string> make_batch(const Kit& kit, const Campaign& campaign) {
  const auto files = find_scenario_files(campaign.paths);
  if (!files) return tl::unexpected(format(files.error()));
  const std::uint64_t seeds = campaign.seeds ? campaign.seeds->last - campaign.seeds->first + 1 : 1;
  if (files->size() * seeds > kMostRuns) {
    return tl::unexpected(fmt::format("{} run: {} files with {} seeds are more than {} runs\n",
                                      program_name(), files->size(), seeds, kMostRuns));
  }
  Batch batch;
  std::string wrong;
  for (const std::string& file : *files) {
    auto scenario = parse_scenario(kit, file, campaign.overrides);
    if (!scenario) {
      wrong += format(scenario.error());
    } else if (const std::string why = refusal(campaign.world, *scenario); !why.empty()) {
      wrong += fmt::format("{}: error: {}\n", file, why);
    } else {
      batch.warnings += format(scenario->warnings);
      batch.scenarios.push_back(std::move(*scenario));
    }
  }
  if (campaign.strict && !batch.warnings.empty()) {
    wrong += batch.warnings + program_name() + " run: --strict takes warnings for errors\n";
  }
  if (!wrong.empty()) return tl::unexpected(wrong);
  batch.runs = runs_of(batch.scenarios, campaign.seeds);
  return batch;
}

Outcome run_one(const Run& run, const Campaign& campaign, const RunFiles& files,
                const std::function<bool()>& stop) {
  // One run is lost, not all. Where a machine has no memory or no sockets, nothing is known of the
  // program; any other exception is a bug of it, as a check that fails.
  const auto broke_off = [&](const char* why) {
    Outcome outcome = crashed_run(run, campaign, {});
    outcome.result.stopped = why;
    outcome.error = fmt::format("{}: the run broke off: {}", run.scenario->file, why);
    return outcome;
  };
  try {
    return run_with_files(run, campaign, files, stop);
  } catch (const std::bad_alloc&) {
    return broke_off("there is no memory left");
  } catch (const std::system_error& error) {
    return broke_off(error.what());
  } catch (const std::exception& error) {
    return crashed_run(run, campaign,
                       fmt::format("exception: {}\nin {} ({}), seed {}\nreplay: {}", error.what(),
                                   run.scenario->name, run.scenario->file, run.seed,
                                   replay_command(run.scenario->file, run.seed, campaign.world.name,
                                                  run.scenario->overrides)));
  }
}

void run_on_thread(const Run& run, const Campaign& campaign, const RunFiles& files,
                   const std::function<bool()>& stop, const GiveUpThread& give_up,
                   Outcome& outcome) {
  const CheckRefuge refuge([&](const CheckFailure& failure) {
    outcome = crashed_run(run, campaign, failure.text);
    give_up();
  });
  outcome = run_one(run, campaign, files, stop);
}

}  // namespace macula::sim
