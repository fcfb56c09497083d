// Two runs that go side by side, each on its thread, until their checkpoints differ: what follows
// need not be run.
//
//   Lockstep lockstep;
//   files[side].enough = [&, side](const auto& so_far) { return lockstep.parted(side, so_far); };
//   ...                      // each runs on a thread of its own
//   lockstep.ended(side);    // however it ended: the other waits for it
#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

#include "sim/scenario/result.h"

namespace macula::sim {

class Lockstep {
 public:
  // Neither gets farther ahead of the other, by checkpoints, but for what it does between two calls
  // of parted().
  static constexpr std::size_t kAhead = 2;

  // Told by side 0 or 1 what its checkpoints are so far. Whether the two have parted; where they
  // have not, it waits for the other if that is behind.
  [[nodiscard]] bool parted(std::size_t side, const std::vector<Checkpoint>& so_far);

  // It goes no farther.
  void ended(std::size_t side);

 private:
  struct Side {
    std::vector<std::uint64_t> digests;  // at its checkpoints
    bool ended = false;
  };

  void compare();

  std::mutex mutex_;
  std::condition_variable moved_;
  std::array<Side, 2> sides_;
  std::size_t same_ = 0;  // checkpoints that both have, and that are the same
  bool parted_ = false;
};

}  // namespace macula::sim
