// The whole simulator: messages a second and memory a node of a large network doing lookups, beside
// a textbook simulator of the same traffic; and the strict integration suite over many seeds.
#include <benchmark/benchmark.h>
#include <malloc.h>

#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include "base/check.h"
#include "bench/textbook_simulator.h"
#include "sim/scenario/files.h"
#include "sim/scenario/parse.h"
#include "sim/scenario/run.h"

namespace macula::sim {
namespace {

constexpr std::uint32_t kNodes = 10'000;

// bench/lookups.toml with so many lookups. Assertions and digest are on, as always.
Scenario lookups(std::uint64_t count) {
  static constexpr std::uint64_t kApartUs = 1'000;
  const auto quoted_us = [](std::uint64_t us) { return '"' + std::to_string(us) + "us\""; };
  auto scenario = parse_scenario(MACULA_SOURCE_DIR "/bench/lookups.toml",
                                 {{"scenario.duration", quoted_us(count * kApartUs + 1'000'000)},
                                  {"at.0.until", quoted_us(count * kApartUs)},
                                  {"expect.0.equals", std::to_string(count)}});
  MACULA_CHECK(scenario.has_value());
  return std::move(*scenario);
}

// Of this process, in bytes; the peak since the last call of reset_peak_memory.
std::uint64_t memory(const std::string& field) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind(field, 0) == 0) return std::stoull(line.substr(field.size() + 1)) * 1024;
  }
  return 0;
}

// What earlier runs have freed is given back first: else it would serve this one for nothing.
void reset_peak_memory() {
  ::malloc_trim(0);
  std::ofstream("/proc/self/clear_refs") << "5";
}

void simulator(benchmark::State& state) {
  const Scenario scenario = lookups(static_cast<std::uint64_t>(state.range(0)));
  std::uint64_t messages = 0;
  double bytes_per_node = 0;
  for (auto _ : state) {
    reset_peak_memory();
    const std::uint64_t before = memory("VmRSS:");
    const RunResult result = run_scenario(scenario, 1, {});
    MACULA_CHECK(result.passed);
    messages += result.messages;
    bytes_per_node = static_cast<double>(memory("VmHWM:") - before) / kNodes;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(messages));
  state.counters["bytes_per_node"] = bytes_per_node;
}

void textbook(benchmark::State& state) {
  bench::TextbookLoad load;
  load.nodes = kNodes;
  load.lookups = static_cast<std::uint32_t>(state.range(0));
  std::uint64_t messages = 0;
  for (auto _ : state) messages += bench::run_textbook_simulator(load);
  state.SetItemsProcessed(static_cast<std::int64_t>(messages));
}

// All strict scenarios, state.range(0) seeds each; an item is one seed of the suite.
void strict_suite(benchmark::State& state) {
  std::vector<Scenario> scenarios;
  const auto files = find_scenario_files({MACULA_SOURCE_DIR "/scenarios/integration/strict"});
  MACULA_CHECK(files.has_value());
  for (const std::string& file : *files) scenarios.push_back(std::move(*parse_scenario(file)));
  for (auto _ : state) {
    for (const Scenario& scenario : scenarios) {
      for (std::int64_t seed = 1; seed <= state.range(0); ++seed) {
        MACULA_CHECK(run_scenario(scenario, static_cast<std::uint64_t>(seed), {}).passed);
      }
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

BENCHMARK(simulator)
    ->ArgName("lookups")
    ->Arg(100'000)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1);
BENCHMARK(simulator)
    ->ArgName("lookups")
    ->Arg(1'000'000)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1);
BENCHMARK(textbook)->ArgName("lookups")->Arg(20'000)->Unit(benchmark::kMillisecond)->Iterations(1);
BENCHMARK(strict_suite)->ArgName("seeds")->Arg(1'000)->Unit(benchmark::kMillisecond)->Iterations(1);

}  // namespace
}  // namespace macula::sim
