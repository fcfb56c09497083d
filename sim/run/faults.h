// The faults that the steps of a scenario inject: whom each hit, and whether a packet met it.
//
//   Faults faults(world);
//   const std::size_t hit = faults.crash(step, nodes);     // 0: it hit nobody
//   result.notes = faults.notes();                         // at the end of the run
//
// `step` is the index of the step; each function returns how many nodes it hit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "sim/run/world.h"
#include "sim/scenario/result.h"

namespace macula::sim {

class Faults {
 public:
  explicit Faults(World& world) : world_(&world), crashes_(world.scenario().steps.size()) {}

  // Hits those that are up. `busy`: one of them had an operation under way, which that ends.
  std::size_t crash(std::size_t step, const std::vector<NodeNumber>& nodes, bool busy);
  // Hits those that are down; who is up is left alone.
  std::size_t restart(const std::vector<NodeNumber>& nodes, bool keep_state);
  // Hits those that are up and not paused.
  std::size_t pause(const std::vector<NodeNumber>& nodes);
  // Hits those that are paused.
  std::size_t resume(const std::vector<NodeNumber>& nodes);
  // Hits both sides, unless one is empty or a cut that stands parts them already.
  std::size_t cut(std::size_t step, const std::vector<NodeNumber>& a,
                  const std::vector<NodeNumber>& b, bool one_way);
  // Hits all that is cut off.
  std::size_t heal();

  // The notes on steps whose partitions or crashes met no packet: nobody had anything to say to the
  // other side, or to the dead.
  [[nodiscard]] std::vector<Remark> notes() const;

 private:
  struct Cut {
    std::vector<NodeNumber> a;  // in order
    std::vector<NodeNumber> b;
    bool one_way;

    [[nodiscard]] bool parts(const Cut& other) const;
  };
  // The packets that each node had missed when the step first crashed it.
  struct Crash {
    std::map<NodeNumber, std::uint64_t> missed_before;
    bool met = false;
  };

  World* world_;
  std::vector<Cut> standing_;
  std::vector<Crash> crashes_;                            // one a step
  std::map<std::size_t, std::vector<std::size_t>> cuts_;  // of each step: numbers in the network
};

}  // namespace macula::sim
