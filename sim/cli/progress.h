// A line on the error stream that says how far a long command is; gone when the command ends.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/time.h"

namespace macula::sim {

// "12 of 40 runs, 1 failed, about 2min left": if the rest takes as long as those that are done have
// taken. Without an estimate while none is.
[[nodiscard]] std::string progress_text(std::size_t done, std::size_t total, std::uint64_t failed,
                                        Duration elapsed);

class Progress {
 public:
  // Shows nothing unless `on`, and nothing in the first second.
  Progress(bool on, std::size_t total) : on_(on), total_(total) {}

  void show(std::size_t done, std::uint64_t failed);
  // Before anything else is printed.
  void clear();

 private:
  bool on_;
  bool shown_ = false;
  std::size_t total_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace macula::sim
