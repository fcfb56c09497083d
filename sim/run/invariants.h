// Looks at the invariants of a kit while a run lasts, and notes what breaks them.
//
//   Invariants invariants(world, operations, result);
//   if (invariants.watch()) ...               // before the run: from now on it is told of events
//   invariants.look();                        // at its end
//
// To look is no event: neither count nor digest nor checkpoint knows of it. After each event the
// nodes it happened to are asked what it may have broken of them: every node of a network of up to
// kAllWatched, and as many of a larger one, drawn by their names. At quiet instants, when all that
// happens at one has happened, all nodes are asked for everything, and all together: kLooks times
// a run in networks of up to kSmall nodes, else at its end.
//
// A broken invariant is noted once for each node, with the event that it shows at first.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/run/invariant_view.h"
#include "sim/run/operations.h"
#include "sim/run/world.h"
#include "sim/scenario/invariant.h"
#include "sim/scenario/result.h"

namespace macula::sim {

class Invariants {
 public:
  static constexpr std::size_t kAllWatched = 10'000;
  static constexpr std::size_t kSmall = 1000;
  static constexpr int kLooks = 16;
  // So many are told in a result, the rest counted.
  static constexpr std::size_t kTold = 8;

  // References outlive it. Into `result` goes what is found, as it is found.
  Invariants(World& world, const Operations& operations, RunResult& result);

  // Asks for instants to look at. Whether there is anything to look at: then it wants to be told of
  // each event, and when it has settled (sim/net/observer.h).
  [[nodiscard]] bool watch();
  // At everything, now.
  void look();

  // `message`: its name, where one was handed over. Both are in line, since they are asked after
  // every event (sim/run/invariants_watch.h).
  void on_event(EventKind kind, NodeNumber from, NodeNumber to, std::string_view message) {
    const End end = kEnds[static_cast<std::size_t>(kind)];
    const NodeNumber node = end == End::to ? to : from;
    if (end == End::none || node == kNoNode || (known_[node] & kWatched) == 0) return;
    if (kind == EventKind::crash) {
      known_[node] = kWatched;
      return;
    }
    // The event itself comes first, and what its node does then does not hide what it was.
    if (!touched_.empty() && touched_.back().node == node) return;
    touched_.push_back({*world_, node, kind, end == End::to ? from : to, message});
  }
  void on_settled(std::uint64_t events) {
    for (NodeView& touched : touched_) {
      touched.event = events;
      look_after(touched);
    }
    touched_.clear();
  }

 private:
  // To which of its two ends an event happens.
  enum class End : std::uint8_t { none, from, to };
  static constexpr std::array<End, kEventKinds> kEnds = [] {
    std::array<End, kEventKinds> ends{};
    for (const EventKind kind : {EventKind::request, EventKind::reply, EventKind::message}) {
      ends[static_cast<std::size_t>(kind)] = End::to;
    }
    for (const EventKind kind : {EventKind::failure, EventKind::timer, EventKind::operation,
                                 EventKind::maintenance, EventKind::restart, EventKind::crash}) {
      ends[static_cast<std::size_t>(kind)] = End::from;
    }
    return ends;
  }();

  // A node is known to be watched, and to be up; else the world is asked.
  static constexpr std::uint8_t kWatched = 1;
  static constexpr std::uint8_t kUp = 2;

  void look_after(const NodeView& touched) {
    std::uint8_t& known = known_[touched.node];
    if ((known & kUp) == 0) {
      if (!world_->up(touched.node)) return;
      known |= kUp;
    }
    for (const HoldsAfter holds : after_[static_cast<std::size_t>(touched.kind)]) {
      if (holds(touched)) continue;
      look_at(touched.node);
      return;
    }
  }
  void look_at(NodeNumber node);
  void note(std::size_t invariant, NodeNumber node, std::string what);

  World* world_;
  const Operations* operations_;
  RunResult* result_;
  const std::vector<InvariantInfo>* rows_;
  // The questions asked after an event, by its kind.
  std::array<std::vector<HoldsAfter>, kEventKinds> after_;
  std::vector<std::uint8_t> known_;  // by node
  std::vector<NodeView> touched_;    // by the event that happens now
  std::set<std::pair<std::size_t, NodeNumber>> noted_;
};

}  // namespace macula::sim
