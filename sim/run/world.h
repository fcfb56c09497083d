// The world of one run: its nodes by name and number, and what happens to them from outside.
//
//   World world(scenario, seed, virtual_world());
//   world.network().run_until(end);
//
// A node has a number and a name for the whole run. The nodes themselves, and the network between
// them, are those of the protocol (sim/run/community.h).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check_context.h"
#include "sim/run/community.h"
#include "sim/run/pool.h"
#include "sim/run/roster.h"
#include "sim/run/world_kind.h"
#include "sim/scenario/scenario.h"

namespace macula::sim {

class World {
 public:
  World(const Scenario& scenario, std::uint64_t seed, const WorldKind& kind = virtual_world());
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // Told of each node that crashes, which may have operations under way.
  void on_crash(std::function<void(NodeNumber)> listener) { crashed_ = std::move(listener); }

  [[nodiscard]] Network& network() { return *network_; }
  [[nodiscard]] Community& community() { return *community_; }
  [[nodiscard]] const Scenario& scenario() const { return *scenario_; }
  [[nodiscard]] std::uint64_t seed() const { return seed_; }
  // How exact its times are.
  [[nodiscard]] Duration tolerance() const { return tolerance_; }

  [[nodiscard]] const Roster& roster() const { return roster_; }
  [[nodiscard]] std::size_t size() const { return roster_.size(); }
  [[nodiscard]] const std::string& name(NodeNumber node) const { return roster_.name(node); }
  [[nodiscard]] std::uint64_t name_hash(NodeNumber node) const { return roster_.name_hash(node); }
  [[nodiscard]] bool up(NodeNumber node) const { return network_->up(node); }

  // The nodes a selector stands for now. The draws of any and sample depend on `key`, that is on
  // the drawing step and how often it has drawn, and on the names of the nodes: no node changes
  // what is drawn of the others.
  [[nodiscard]] std::vector<NodeNumber> select(const Selector& selector, std::uint64_t key);

  void crash(NodeNumber node);
  // A node that is up is crashed first.
  void restart(NodeNumber node, bool keep_state);

  // Comes back as a node that was never seen: new id, no state. With a full contact book, and in a
  // world where nodes keep their contacts, it keeps its id.
  void restart_as_another(NodeNumber node);

  // When its first life begins, unless it is held back: then when it is restarted.
  [[nodiscard]] Time starts_at(NodeNumber node) const;
  void hold_back(NodeNumber node) { held_back_[node] = true; }

  // "in heal (heal.toml), seed 3, at t = 1.5s, event 100, node eu#3", and how to replay it.
  [[nodiscard]] std::string where() const;

 private:
  [[nodiscard]] static std::uint64_t part_of(std::uint64_t key, std::string_view part,
                                             std::uint64_t which = 0);
  // One live node of those selected; kNoNode where there is none.
  [[nodiscard]] NodeNumber any_live(const Selector& selector, std::uint64_t key);
  [[nodiscard]] Pool pool_of(const std::vector<NodeNumber>& nodes) const;
  void schedule_starts();

  const Scenario* scenario_;
  std::uint64_t seed_;
  std::string kind_;
  bool standing_ = false;  // between its making and its end
  const CheckContext context_{[this] { return where(); }};
  Duration tolerance_;
  Roster roster_;
  std::unique_ptr<Community> community_;
  Network* network_;  // of the community
  std::vector<bool> held_back_;
  // The pools of `all` and of populations, by the range of their numbers.
  std::map<std::pair<NodeNumber, NodeNumber>, Pool> pools_;
  std::function<void(NodeNumber)> crashed_;
};

// The nodes of a world, as its kit has made them: of the kit's own class.
template <typename Made>
[[nodiscard]] Made& community_as(World& world) {
  return static_cast<Made&>(world.community());
}

}  // namespace macula::sim
