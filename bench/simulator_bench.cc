// The whole simulator: messages a second and memory a node of a large network doing lookups over
// warm connections (lookups.toml), of a smaller one with all that users have (day.toml), and the
// strict integration suite over many seeds; beside a textbook simulator of the same traffic.
//
// The textbook simulator takes turns with what is measured, and has the same kind of traffic: for
// the day, cold connections with jitter and loss. CPU time counts, and ratios are medians over the
// rounds.
#include <benchmark/benchmark.h>
#include <malloc.h>

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <fstream>
#include <string>
#include <vector>

#include "base/check.h"
#include "bench/median.h"
#include "bench/textbook_simulator.h"
#include "sim/file/files.h"
#include "sim/file/parse.h"
#include "sim/macula/kit.h"
#include "sim/run/run.h"

namespace macula::sim {
namespace {

constexpr std::uint32_t kNodes = 10'000;
constexpr std::uint32_t kNodesOfDay = 2'001;
constexpr int kRounds = 5;

// CPU time of this process that the action takes.
template <typename Action>
double cpu_seconds(Action action) {
  const auto now = [] {
    timespec time{};
    MACULA_CHECK(::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
  };
  const double begin = now();
  action();
  return now() - begin;
}

// Loads for the textbook simulator, of as many nodes: each takes some tenths of a second.
bench::TextbookLoad textbook_lookups() {
  bench::TextbookLoad load;
  load.nodes = kNodes;
  load.lookups = 5'000;
  return load;
}
// Half of the requests are the first of their pair, as among those of the day.
bench::TextbookLoad textbook_day() {
  bench::TextbookLoad load;
  load.nodes = kNodesOfDay;
  load.lookups = 5'000;
  load.cold = true;
  load.peers = 45;
  return load;
}

// Processor time that the textbook simulator takes for a message.
double textbook_seconds(const bench::TextbookLoad& load) {
  std::uint64_t messages = 0;
  const double seconds = cpu_seconds([&] { messages = bench::run_textbook_simulator(load); });
  return seconds / static_cast<double>(messages);
}

// bench/lookups.toml with so many lookups. Assertions and digest are on, as always.
Scenario lookups(std::uint64_t count) {
  static constexpr std::uint64_t kApartUs = 1'000;
  const auto quoted_us = [](std::uint64_t us) { return '"' + std::to_string(us) + "us\""; };
  auto scenario = parse_scenario(macula_kit(), MACULA_SOURCE_DIR "/bench/lookups.toml",
                                 {{"scenario.duration", quoted_us(count * kApartUs + 1'000'000)},
                                  {"at.0.until", quoted_us(count * kApartUs)},
                                  {"expect.0.equals", std::to_string(count)}});
  MACULA_CHECK(scenario.has_value());
  return std::move(*scenario);
}

// So many minutes of bench/day.toml.
Scenario part_of_day(std::int64_t minutes) {
  const auto quoted = [](std::int64_t count) { return '"' + std::to_string(count) + "min\""; };
  auto scenario =
      parse_scenario(macula_kit(), MACULA_SOURCE_DIR "/bench/day.toml",
                     {{"scenario.duration", quoted(minutes)}, {"at.0.until", quoted(minutes - 1)}});
  MACULA_CHECK(scenario.has_value());
  return std::move(*scenario);
}

// Memory of this process, in bytes; the peak is that since the last call of reset_peak_memory.
std::uint64_t memory(const std::string& field) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind(field, 0) == 0) return std::stoull(line.substr(field.size() + 1)) * 1024;
  }
  return 0;
}

// Memory that earlier runs have freed is given back first: else this run would get it for nothing.
void reset_peak_memory() {
  ::malloc_trim(0);
  std::ofstream("/proc/self/clear_refs") << "5";
}

// Messages a second, and memory, where nobody watches; the cost of invariants has a row of its own.
void measure(benchmark::State& state, const Scenario& scenario, double nodes) {
  RunOptions nobody;
  nobody.invariants = false;
  std::uint64_t messages = 0;
  double bytes_per_node = 0;
  for (auto _ : state) {
    reset_peak_memory();
    const std::uint64_t before = memory("VmRSS:");
    const RunResult result = run_scenario(scenario, 1, nobody);
    MACULA_CHECK(result.passed);
    messages += result.messages;
    bytes_per_node = static_cast<double>(memory("VmHWM:") - before) / nodes;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(messages));
  state.counters["bytes_per_node"] = bytes_per_node;
}

void simulator(benchmark::State& state) {
  measure(state, lookups(static_cast<std::uint64_t>(state.range(0))), kNodes);
}

void day(benchmark::State& state) {
  measure(state, part_of_day(state.range(0)), kNodesOfDay);
}

// Messages in a second of CPU time, of the textbook simulator's.
void compare(benchmark::State& state, const Scenario& scenario, const bench::TextbookLoad& load) {
  for (auto _ : state) {
    std::vector<double> ratios;
    for (int round = 0; round < kRounds; ++round) {
      std::uint64_t messages = 0;
      const double seconds =
          cpu_seconds([&] { messages = run_scenario(scenario, 1, {}).messages; });
      ratios.push_back(textbook_seconds(load) * static_cast<double>(messages) / seconds);
    }
    state.counters["times_textbook"] = median(ratios);
  }
}

void textbook_beside_simulator(benchmark::State& state) {
  compare(state, lookups(static_cast<std::uint64_t>(state.range(0))), textbook_lookups());
}

void textbook_beside_day(benchmark::State& state) {
  compare(state, part_of_day(state.range(0)), textbook_day());
}

// The CPU time of a run whose invariants are looked at, in such of one that nobody watches.
void invariants(benchmark::State& state) {
  const Scenario scenario = lookups(static_cast<std::uint64_t>(state.range(0)));
  const auto seconds = [&](bool watched) {
    RunOptions options;
    options.invariants = watched;
    return cpu_seconds([&] { MACULA_CHECK(run_scenario(scenario, 1, options).passed); });
  };
  for (auto _ : state) {
    std::vector<double> ratios;
    for (int round = 0; round < kRounds; ++round) ratios.push_back(seconds(true) / seconds(false));
    state.counters["times_unwatched"] = median(ratios);
  }
}

// All strict scenarios, state.range(0) seeds each, an equal part of them a round. The CPU time of a
// run, in messages that the textbook simulator carries meanwhile.
void strict_suite(benchmark::State& state) {
  std::vector<Scenario> scenarios;
  const auto files = find_scenario_files({MACULA_SOURCE_DIR "/scenarios/integration/strict"});
  MACULA_CHECK(files.has_value());
  for (const std::string& file : *files)
    scenarios.push_back(std::move(*parse_scenario(macula_kit(), file)));
  for (auto _ : state) {
    std::vector<double> messages;
    std::uint64_t seed = 0;
    for (int round = 0; round < kRounds; ++round) {
      const double seconds = cpu_seconds([&] {
        for (std::int64_t i = 0; i < state.range(0) / kRounds; ++i) {
          ++seed;
          for (const Scenario& scenario : scenarios) {
            MACULA_CHECK(run_scenario(scenario, seed, {}).passed);
          }
        }
      });
      const auto runs =
          static_cast<double>(state.range(0) / kRounds) * static_cast<double>(scenarios.size());
      messages.push_back(seconds / runs / textbook_seconds(textbook_lookups()));
    }
    state.counters["textbook_messages_per_run"] = median(messages);
  }
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
BENCHMARK(day)->ArgName("minutes")->Arg(30)->Unit(benchmark::kMillisecond)->Iterations(1);
BENCHMARK(textbook_beside_day)
    ->ArgName("minutes")
    ->Arg(11)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1);
BENCHMARK(textbook_beside_simulator)
    ->ArgName("lookups")
    ->Arg(20'000)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1);
BENCHMARK(invariants)
    ->ArgName("lookups")
    ->Arg(20'000)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1);
BENCHMARK(strict_suite)->ArgName("seeds")->Arg(1'000)->Unit(benchmark::kMillisecond)->Iterations(1);

}  // namespace
}  // namespace macula::sim
