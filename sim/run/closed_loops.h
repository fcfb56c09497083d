// The clients of steps with `think`: each has one turn after another, and thinks between the end
// of all that one began and the next. So the load follows the answers, as people's does: a closed
// loop (B. Schroeder, A. Wierman, M. Harchol-Balter: Open Versus Closed, NSDI 2006).
//
//   ClosedLoops loops(world, [&](const Turn& turn) { ... });   // has the turn
//   loops.add(step, node);                                      // its first is now
//   loops.began(step, node);                                    // an operation of the turn
//   loops.ended(step, node);
//
// How long a client thinks is drawn from the seed, the step, its name and the number of the turn.
// A turn in which it began nothing, since it is down, is followed by another a second later.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <utility>

#include "sim/run/turn.h"
#include "sim/run/world.h"

namespace macula::sim {

class ClosedLoops {
 public:
  // So that an operation that ends at once, and no thinking, cannot stop the time.
  static constexpr Duration kShortest = std::chrono::milliseconds(1);
  static constexpr Duration kWhileDown = std::chrono::seconds(1);

  using Take = std::function<void(const Turn&)>;

  ClosedLoops(World& world, Take take) : world_(&world), take_(std::move(take)) {}

  void add(std::size_t step, NodeNumber node);
  void began(std::size_t step, NodeNumber node);
  void ended(std::size_t step, NodeNumber node);

 private:
  struct Client {
    std::uint64_t turns = 0;
    std::size_t open = 0;  // operations of this turn that have not ended
    bool began = false;    // one in this turn
    bool acting = false;   // the turn begins just now
  };
  using Key = std::pair<std::size_t, NodeNumber>;

  void turn(const Key& key);
  void plan(const Key& key);

  World* world_;
  Take take_;
  std::map<Key, Client> clients_;
};

}  // namespace macula::sim
