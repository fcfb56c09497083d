#include "sim/cli/batch.h"

#include <fmt/format.h>

#include <chrono>
#include <exception>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "sim/cli/json_output.h"
#include "sim/cli/verify.h"
#include "sim/quic/worlds.h"
#include "sim/scenario/files.h"
#include "sim/scenario/run.h"

namespace macula::sim {
namespace {

RunResult run_timed(const Run& run, const WorldKind& world, std::ostream* trace) {
  const auto start = std::chrono::steady_clock::now();
  RunOptions options;
  options.world = world;
  options.trace = trace;
  RunResult result = run_scenario(*run.scenario, run.seed, options);
  const auto wall = std::chrono::steady_clock::now() - start;
  result.wall_ns = std::chrono::duration_cast<std::chrono::nanoseconds>(wall).count();
  return result;
}

bool write_result(const RunResult& run, const std::string& path) {
  std::ofstream file(path, std::ios::binary);
  JsonOutput json(file);
  json.add(run);
  json.close();
  file.close();
  return !file.fail();
}

bool copy(const std::string& from, const std::string& to) {
  std::error_code error;
  return std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing,
                                    error);
}

Outcome run_with_files(const Run& run, const RunArguments& arguments, const RunFiles& files) {
  Outcome outcome;
  const auto demand = [&](bool written, const std::string& path) {
    if (!written && outcome.error.empty()) outcome.error = fmt::format("cannot write {}", path);
  };
  if (files.trace.empty()) {
    outcome.result = run_timed(run, arguments.world, nullptr);
  } else {
    std::ofstream trace(files.trace, std::ios::binary);
    outcome.result = run_timed(run, arguments.world, &trace);
    trace.close();
    demand(!trace.fail(), files.trace);
  }
  if (arguments.verify)
    outcome.difference = first_difference(outcome.result, run_timed(run, arguments.world, nullptr));
  if (outcome.difference) outcome.result.passed = false;
  if (!files.result.empty()) demand(write_result(outcome.result, files.result), files.result);
  if (!files.trace_copy.empty()) demand(copy(files.trace, files.trace_copy), files.trace_copy);
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

tl::expected<Batch, std::string> make_batch(const RunArguments& arguments) {
  const auto files = find_scenario_files(arguments.paths);
  if (!files) return tl::unexpected(format(files.error()));
  const std::uint64_t seeds =
      arguments.seeds ? arguments.seeds->last - arguments.seeds->first + 1 : 1;
  if (files->size() * seeds > kMostRuns) {
    return tl::unexpected(
        fmt::format("macula-sim run: {} files with {} seeds are more than {} runs\n", files->size(),
                    seeds, kMostRuns));
  }
  Batch batch;
  std::string wrong;
  for (const std::string& file : *files) {
    auto scenario = parse_scenario(file, arguments.overrides);
    if (!scenario) {
      wrong += format(scenario.error());
    } else if (const std::string why = refusal(arguments.world, *scenario); !why.empty()) {
      wrong += fmt::format("{}: error: {}\n", file, why);
    } else {
      batch.warnings += format(scenario->warnings);
      batch.scenarios.push_back(std::move(*scenario));
    }
  }
  if (arguments.strict && !batch.warnings.empty()) {
    wrong += batch.warnings + "macula-sim run: --strict takes warnings for errors\n";
  }
  if (!wrong.empty()) return tl::unexpected(wrong);
  batch.runs = runs_of(batch.scenarios, arguments.seeds);
  return batch;
}

Outcome run_one(const Run& run, const RunArguments& arguments, const RunFiles& files) {
  // The only exceptions left are of a machine that has no memory or no sockets: one run is lost,
  // not all.
  try {
    return run_with_files(run, arguments, files);
  } catch (const std::exception& error) {
    Outcome outcome;
    outcome.result.scenario = run.scenario->name;
    outcome.result.file = run.scenario->file;
    outcome.result.world = arguments.world.name;
    outcome.result.profile = run.scenario->profile;
    outcome.result.seed = run.seed;
    outcome.result.stopped = error.what();
    outcome.error = fmt::format("{}: the run broke off: {}", run.scenario->file, error.what());
    return outcome;
  }
}

}  // namespace macula::sim
