// The nodes of one run and the network between them, as their protocol has them. A kit makes it;
// the world drives it and knows no more of the protocol than this.
//
//   std::unique_ptr<Community> community = kit.make_community(setup);
//   community->start(node, /*keep_state=*/false);
//   community->network().run_until(end);
//
// A protocol that runs on the virtual network derives from CommunityOf<M, C, Node>
// (sim/run/community_of.h) and says how a node is made.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/net/network.h"
#include "sim/net/observer.h"
#include "sim/run/keyed_view.h"
#include "sim/run/roster.h"
#include "sim/run/world_kind.h"
#include "sim/scenario/scenario.h"

namespace macula::sim {

class Invariants;
class NodeCounts;
class Recorder;
class Trace;
class World;

// The setup that a community is made for. References outlive it, but for `world`.
struct Setup {
  const Scenario& scenario;
  const Roster& roster;
  std::uint64_t seed;
  const WorldKind& world;
  NetworkOptions options;
};

// A turn at a chore that a node has taken by itself.
struct ChoreTurn {
  std::string_view name;
  std::uint64_t bytes = 0;  // that it has sent
};

// Those who are shown what happens.
struct Watchers {
  Recorder& recorder;
  Trace* trace = nullptr;            // nullptr: there is none
  Invariants* invariants = nullptr;  // the same; they have a watch of their own
  NodeCounts* counts = nullptr;      // the same

  // The wants from a network. `messages`: whether somebody is to be shown each of them.
  [[nodiscard]] Wants wants(bool messages) const {
    Wants wants{};
    if (messages) wants = wants | Wants::events | Wants::sent;
    if (trace != nullptr) wants = wants | Wants::events | Wants::sent | Wants::passage;
    if (counts != nullptr) wants = wants | Wants::events;
    return wants;
  }
};

class Community {
 public:
  virtual ~Community() = default;

  // All nodes of the roster are in it, by their numbers.
  [[nodiscard]] virtual Network& network() = 0;

  // A life of a node that is down begins. `keep_state`: with what its last life knew.
  virtual void start(NodeNumber node, bool keep_state) = 0;
  // From its next life on the node, which is down, is another one, with an id that was never seen,
  // where the protocol has ids.
  virtual void rename(NodeNumber /*node*/) {}

  // By then an operation that begins at the node now ends, as its node promises. kTimeMax: some
  // time.
  [[nodiscard]] virtual Time due(NodeNumber /*node*/) { return kTimeMax; }
  // The nodes of a selector that speaks of keys; the kit has them (Kit::keyed).
  [[nodiscard]] virtual std::vector<NodeNumber> select(const Selector& /*selector*/) { return {}; }
  // The nodes that it knows, whether they are up or not: those of its routing table, its view, its
  // peers. In any order. The node is up. Nothing: the protocol does not tell, and has no overlay
  // (sim/run/overlay.h).
  [[nodiscard]] virtual std::optional<std::vector<NodeNumber>> contacts(NodeNumber /*node*/) {
    return std::nullopt;
  }
  // Its id, as people read it; empty: the protocol has none.
  [[nodiscard]] virtual std::string id_text(NodeNumber /*node*/) { return {}; }
  // The view of keys and the values held under them; nullptr: the protocol knows none.
  [[nodiscard]] virtual const KeyedView* keyed() const { return nullptr; }
  // The chore's turn from the content of EventKind::maintenance.
  [[nodiscard]] virtual ChoreTurn chore_turn(std::uint64_t content) const {
    return {"chore", content};
  }

  // From now on they are shown what happens: the recorder what its metrics watch, the others every
  // event.
  virtual void watch(World& world, const Watchers& watchers) = 0;
};

}  // namespace macula::sim
