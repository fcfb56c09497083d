#include "sim/run/invariants.h"

#include <algorithm>

namespace macula::sim {
namespace {

// To which of its two ends an event happens.
enum class End : std::uint8_t { none, from, to };

constexpr std::array<End, kEventKinds> kEnds = [] {
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

}  // namespace

Invariants::Invariants(World& world, const Operations& operations, RunResult& result)
    : world_(&world),
      operations_(&operations),
      result_(&result),
      rows_(&world.scenario().kit->invariants),
      known_(world.size()) {
  for (const InvariantInfo& row : *rows_) {
    if (row.holds_after == nullptr) continue;
    for (std::size_t kind = 0; kind < kEventKinds; ++kind) {
      const bool asked =
          row.after.empty() || std::find(row.after.begin(), row.after.end(),
                                         static_cast<EventKind>(kind)) != row.after.end();
      if (asked) after_[kind].push_back(row.holds_after);
    }
  }
  const std::size_t parts = (world.size() + kAllWatched - 1) / kAllWatched;
  for (NodeNumber node = 0; node < world.size(); ++node) {
    known_[node] = parts <= 1 || world.name_hash(node) % parts == 0 ? kWatched : 0;
  }
  result.nodes = world.size();
  result.watched = static_cast<std::uint64_t>(std::count(known_.begin(), known_.end(), kWatched));
}

bool Invariants::watch() {
  if (rows_->empty()) return false;
  if (world_->size() > kSmall) return true;
  for (int i = 1; i < kLooks; ++i) {
    world_->network().look_at(kTimeZero + world_->scenario().duration * i / kLooks,
                              [this] { look(); });
  }
  return true;
}

void Invariants::on_event(EventKind kind, NodeNumber from, NodeNumber to,
                          std::string_view message) {
  const End end = kEnds[static_cast<std::size_t>(kind)];
  const NodeNumber node = end == End::to ? to : from;
  if (end == End::none || node == kNoNode || (known_[node] & kWatched) == 0) return;
  if (kind == EventKind::crash) {
    known_[node] = kWatched;
    return;
  }
  // The event itself comes first, and what its node does then does not hide what it was.
  if (!touched_.empty() && touched_.back().node == node) return;
  touched_.push_back({node, end == End::to ? from : to, kind, message});
}

void Invariants::on_settled(std::uint64_t events) {
  for (const Touched& touched : touched_) look_after(touched, events);
  touched_.clear();
}

void Invariants::look_after(const Touched& touched, std::uint64_t events) {
  std::uint8_t& known = known_[touched.node];
  if ((known & kUp) == 0) {
    if (!world_->up(touched.node)) return;
    known |= kUp;
  }
  const NodeView view{*world_, touched.node, touched.kind, touched.peer, touched.message, events};
  for (const HoldsAfter holds : after_[static_cast<std::size_t>(touched.kind)]) {
    if (holds(view)) continue;
    look_at(touched.node);
    return;
  }
}

void Invariants::look_at(NodeNumber node) {
  for (std::size_t row = 0; row < rows_->size(); ++row) {
    const InvariantInfo& invariant = (*rows_)[row];
    if (invariant.of_node == nullptr) continue;
    if (Violation wrong = invariant.of_node({*world_, node})) note(row, node, std::move(*wrong));
  }
}

void Invariants::look() {
  const RunView run{*world_, *operations_};
  run.for_each_live([&](NodeNumber node) { look_at(node); });
  for (std::size_t row = 0; row < rows_->size(); ++row) {
    const InvariantInfo& invariant = (*rows_)[row];
    if (invariant.of_run == nullptr) continue;
    if (auto breach = invariant.of_run(run)) note(row, breach->node, std::move(breach->what));
  }
}

void Invariants::note(std::size_t invariant, NodeNumber node, std::string what) {
  if (!noted_.emplace(invariant, node).second) return;
  if (result_->violations.size() == kTold) {
    ++result_->violations_left_out;
    return;
  }
  const Network& network = world_->network();
  result_->violations.push_back({std::string((*rows_)[invariant].name),
                                 node != kNoNode ? world_->name(node) : std::string(),
                                 std::move(what), to_ns(network.now()), network.log().events()});
}

}  // namespace macula::sim
