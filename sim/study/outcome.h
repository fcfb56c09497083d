// The outcome of one run for `macula-sim run`: its result, and the command's own findings.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sim/scenario/result.h"

namespace macula::sim {

struct Outcome {
  RunResult result;                       // `passed` is false where there is a difference
  std::optional<std::string> difference;  // where a second run parted from the first (--verify)
  std::string error;                      // why the run's own files are not whole; empty: they are
  std::int64_t started = 0;               // seconds since 1970
};

}  // namespace macula::sim
