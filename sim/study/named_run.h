// One run, as a command line names it: a scenario file and a seed, or the folder that `run --out`
// has written of it.
//
//   const auto named = parse_named_run("heal.toml:42");
//   const auto folder = read_run_folder("results/heal-42");
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "sim/scenario/result.h"
#include "sim/study/unit.h"

namespace macula::sim {

struct NamedRun {
  std::string path;  // of the file or the folder
  bool is_folder = false;
  std::uint64_t seed = 0;  // of a file
};

// The error is for a person.
[[nodiscard]] tl::expected<NamedRun, std::string> parse_named_run(const std::string& text);

// The file that a run is read from, in its folder.
inline constexpr const char* kResultFile = "result.json";

struct RunFolder {
  Provenance program;
  RunResult result;   // as sim/study/result_reader.h reads it, and its file
  std::string trace;  // the path of its trace
};

// Whether it is the folder of one run, DIR/NAME-SEED.
[[nodiscard]] bool is_run_folder(const std::string& folder);

// The folder DIR/NAME-SEED. The error names the file and says what is wrong with it.
[[nodiscard]] tl::expected<RunFolder, std::string> read_run_folder(const std::string& folder);

// The names of the folders of runs in a folder of `--out`, in order; none: it has none.
[[nodiscard]] std::vector<std::string> run_folders_in(const std::string& folder);

}  // namespace macula::sim
