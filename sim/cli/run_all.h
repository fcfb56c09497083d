// Several runs at a time, with a line that says how far they are.
//
//   auto outcomes = run_all(count, jobs, [&](std::size_t i) { return AskedRun{&run, &campaign}; });
//   if (!outcomes) return exit_code_of_signal(signal_received());  // sim/cli/interrupt.h
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "sim/study/batch.h"

namespace macula::sim {

// References outlive the run.
struct AskedRun {
  const Run* run = nullptr;
  const Campaign* campaign = nullptr;
  RunFiles files{};
  std::function<void()> ended{};  // called on its thread once it has, or has crashed
};

// In order. Nothing: a signal interrupted them. Where a run then does not come to its end, the
// program ends here.
[[nodiscard]] std::optional<std::vector<Outcome>> run_all(
    std::size_t count, unsigned jobs, const std::function<AskedRun(std::size_t)>& asked);

}  // namespace macula::sim
