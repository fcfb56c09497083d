// A scenario run by another program of this kind: the build of another commit.
//
//   if (auto ran = run_by_program({"./old/macula-sim", "heal.toml", {}, {1, 10}}, out); !ran) ...
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "sim/scenario/scenario.h"

namespace macula::sim {

struct ProgramRuns {
  std::string program;
  std::string file;
  Overrides settings;
  SeedRange seeds;
  unsigned jobs = 1;
  std::string world{};  // empty: the program's own default
};

// Into the folder `out`, a store with a folder for each run. A run that fails is a result. The
// error is for a person; empty where a signal interrupted it.
[[nodiscard]] tl::expected<void, std::string> run_by_program(const ProgramRuns& runs,
                                                             const std::string& out);

}  // namespace macula::sim
