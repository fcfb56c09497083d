#include "sim/run/invariants.h"

#include <algorithm>

namespace macula::sim {

Invariants::Invariants(World& world, const Operations& operations, RunResult& result)
    : world_(&world),
      operations_(&operations),
      result_(&result),
      rows_(&world.scenario().kit->invariants),
      watched_(world.size()),
      nodes_(world.size()),
      contacts_(world.size()) {
  for (std::size_t i = 0; i < rows_->size(); ++i) {
    if ((*rows_)[i].holds_after != nullptr) after_events_.push_back(i);
  }
  const std::size_t parts = (world.size() + kAllWatched - 1) / kAllWatched;
  for (NodeNumber node = 0; node < world.size(); ++node) {
    watched_[node] = parts <= 1 || world.name_hash(node) % parts == 0;
    contacts_[node] = world.contact(node);
  }
  result.nodes = world.size();
  result.watched = static_cast<std::uint64_t>(std::count(watched_.begin(), watched_.end(), true));
}

void Invariants::watch() {
  if (rows_->empty()) return;
  world_->network().observe(*this, Wants::events | Wants::settled);
  if (world_->size() > kSmall) return;
  for (int i = 1; i < kLooks; ++i) {
    world_->network().look_at(kTimeZero + world_->scenario().duration * i / kLooks,
                              [this] { look(); });
  }
}

void Invariants::on_event(const NetworkEvent& event) {
  NodeNumber node = event.from;
  NodeNumber peer = event.to;
  switch (event.kind) {
    case EventKind::request:
    case EventKind::reply:
    case EventKind::message:
      std::swap(node, peer);
      break;
    case EventKind::failure:
    case EventKind::timer:
    case EventKind::operation:
    case EventKind::maintenance:
      break;
    case EventKind::restart:
      nodes_[node] = nullptr;
      contacts_[node] = world_->contact(node);
      break;
    case EventKind::crash:
      nodes_[node] = nullptr;
      return;
    default:
      return;  // happens to no node's own state
  }
  if (node == kNoNode || !is_watched(node)) return;
  // The event itself comes first, and what its node does then does not hide what it was.
  if (!touched_.empty() && touched_.back().node == node) return;
  const std::string_view type =
      event.message != nullptr ? type_name(type_of(*event.message)) : std::string_view();
  touched_.push_back({node, peer, event.kind, type});
}

void Invariants::on_settled(Time, std::uint64_t events) {
  for (const Touched& touched : touched_) look_after(touched, events);
  touched_.clear();
}

void Invariants::look_after(const Touched& touched, std::uint64_t events) {
  const dht::Node*& node = nodes_[touched.node];
  if (node == nullptr) {
    if (!world_->up(touched.node)) return;
    node = &world_->node(touched.node);
  }
  const NodeView view{*node, touched.kind,
                      touched.peer != kNoNode ? contacts_[touched.peer] : dht::kNoContact,
                      touched.message, events};
  for (const std::size_t row : after_events_) {
    if ((*rows_)[row].holds_after(view)) continue;
    look_at(touched.node, *node);
    return;
  }
}

void Invariants::look_at(NodeNumber number, const dht::Node& node) {
  for (std::size_t row = 0; row < rows_->size(); ++row) {
    const InvariantInfo& invariant = (*rows_)[row];
    if (invariant.of_node == nullptr) continue;
    if (Violation wrong = invariant.of_node({node})) note(row, number, std::move(*wrong));
  }
}

void Invariants::look() {
  const RunView run{*world_, *operations_};
  run.for_each_live([&](NodeNumber number, const dht::Node& node) { look_at(number, node); });
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
