#include "sim/run/invariants.h"

#include <algorithm>

namespace macula::sim {
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
