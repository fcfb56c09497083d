// The arguments of `macula-sim run`, read and checked.
//
//   auto arguments = parse_run_arguments({"scenarios/integration", "--seeds", "1..100"});
//   if (!arguments) std::cerr << arguments.error();
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "base/command_line/manual.h"
#include "sim/file/parse.h"
#include "sim/run/world_kind.h"

namespace macula::sim {

// Both ends included; first <= last.
struct SeedRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};

struct RunArguments {
  std::vector<std::string> paths;
  std::optional<SeedRange> seeds;  // nothing: each scenario's own seed
  unsigned jobs = 1;
  WorldKind world = virtual_world();
  Overrides overrides;
  bool strict = false;  // warnings are errors
  bool verify = false;
  bool quiet = false;
  bool verbose = false;
  bool help = false;       // then nothing else is checked
  std::string out_folder;  // these four: empty where not asked for
  std::string json_file;
  std::string junit_file;
  std::string trace_file;
};

inline constexpr unsigned kMostJobs = 1024;
inline constexpr std::uint64_t kMostRuns = 1'000'000;  // of one command

// The arguments after `run`. The error is one line for a person: what is wrong and what to do.
[[nodiscard]] tl::expected<RunArguments, std::string> parse_run_arguments(
    const std::vector<std::string>& arguments);

// "1..100". Nothing where the text is no range of 64-bit numbers or runs backwards.
[[nodiscard]] std::optional<SeedRange> parse_seed_range(std::string_view text);

// What it says of itself.
[[nodiscard]] CommandManual run_manual();

}  // namespace macula::sim
