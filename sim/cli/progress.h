// A line on the error stream that says how far a long command is; gone when the command ends.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace macula::sim {

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
