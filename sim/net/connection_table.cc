#include "sim/net/connection_table.h"

#include <utility>

#include "base/check.h"

namespace macula::sim {

std::uint32_t ConnectionTable::find(NodeNumber a, NodeNumber b) const {
  return index_.find(key(a, b), [&](std::uint32_t slot) { return connections_[slot].joins(a, b); });
}

std::uint32_t ConnectionTable::add(LivingNode dialler, LivingNode other) {
  const std::uint32_t slot = connections_.allocate();
  Connection& connection = connections_[slot];
  const bool ordered = dialler.node < other.node;
  const LivingNode& low = ordered ? dialler : other;
  const LivingNode& high = ordered ? other : dialler;
  connection.ends[0] = {low.node, low.life, {}};
  connection.ends[1] = {high.node, high.life, {}};
  connection.dialler = ordered ? 0 : 1;
  connection.ends[connection.dialler].pace.grown = quic_model::kDialledGrowth;
  connection.ends[1 - connection.dialler].pace.grown = quic_model::kAcceptedGrowth;
  connection.begin_samples(connection.dialler);
  index_.add(key(low.node, high.node), slot);
  return slot;
}

void ConnectionTable::remove(std::uint32_t slot) {
  const Trouble* trouble = trouble_if_any(slot);
  MACULA_CHECK(trouble == nullptr || (!trouble->owes(0) && !trouble->owes(1)));
  end_trouble(slot);
  const auto& ends = connections_[slot].ends;
  index_.remove(key(ends[0].node, ends[1].node), slot);
  connections_[slot] = Connection{};
  connections_.release(slot);
}

Trouble& ConnectionTable::trouble(std::uint32_t slot) {
  Connection& connection = connections_[slot];
  if (connection.trouble == kNoSlot) connection.trouble = troubles_.allocate();
  return troubles_[connection.trouble];
}

void ConnectionTable::end_trouble(std::uint32_t slot) {
  const std::uint32_t trouble = std::exchange(connections_[slot].trouble, kNoSlot);
  if (trouble != kNoSlot) troubles_.release(trouble);
}

}  // namespace macula::sim
