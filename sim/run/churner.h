// Nodes that come and go as the [churn.*] of a scenario say.
//
//   Churner churner(world);
//   churner.schedule_all();            // before the run
//
// Each node draws from a stream of its own: take one away, and all others live as before. A node
// dies without a word, as in a crash. The effects of the scenario's steps on a node stand besides:
// a node that is down already does not go down, one that is up again does not come back anew.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "sim/engine/random.h"
#include "sim/engine/residual_life.h"
#include "sim/run/drawn_run.h"
#include "sim/run/world.h"
#include "sim/scenario/result.h"
#include "sim/scenario/scenario.h"

namespace macula::sim {

class Churner {
 public:
  // `drawn`: where to write down who comes and goes; nullptr: nobody asks.
  explicit Churner(World& world, DrawnRun* drawn = nullptr);

  void schedule_all();

  // At the end of the run: the classes that took no node down and brought none back, unless they
  // may miss.
  [[nodiscard]] std::vector<Remark> errors() const;

 private:
  struct Class {
    const Churn* churn;
    std::optional<ResidualLife> session;  // of the nodes that are met amid one
    std::optional<ResidualLife> downtime;
  };
  struct ChurningNode {
    NodeNumber node;
    const Class* belongs_to;
    RandomStream random;
  };

  [[nodiscard]] std::vector<NodeNumber> members_of(const Churn& churn) const;
  void add_class(const Churn& churn);
  void add_member(NodeNumber node, const Class& belongs_to);
  void follow_trace(const Churn& churn);
  // `member` goes down, or comes back, after this time from `begin`.
  void go_down(std::size_t member, Time begin, Duration after);
  void come_back(std::size_t member, Time begin, Duration after);
  // Both count what they hit.
  void crash(NodeNumber node, const Churn& churn);
  void restart(NodeNumber node, const Churn& churn);
  void hold_back(NodeNumber node, const Churn& churn);
  void note(NodeNumber node, const Churn& churn, bool up);
  [[nodiscard]] static Duration residual(const ResidualLife& life, RandomStream& random);

  World* world_;
  DrawnRun* drawn_;
  std::vector<Class> classes_;
  std::vector<ChurningNode> members_;
  std::map<const Churn*, std::uint64_t> hits_;
};

}  // namespace macula::sim
