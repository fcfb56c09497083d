#include "sim/net/connection_table.h"

#include <utility>

namespace macula::sim {

const ConnectionTable::Connection* ConnectionTable::find(NodeNumber a, NodeNumber b) const {
  const auto known = established_.find(paired(a, b));
  return known != established_.end() ? &known->second : nullptr;
}

ConnectionTable::State ConnectionTable::state(LivingNode from, NodeNumber to) const {
  if (const Connection* connection = find(from.node, to)) {
    const auto life = from.node < to ? connection->low_life : connection->high_life;
    if (life == from.life) return State::established;
  }
  const auto dial = dials_.find(directed(from.node, to));
  return dial != dials_.end() && dial->second.life == from.life ? State::dialling : State::none;
}

bool ConnectionTable::peer_knows(NodeNumber from, LivingNode to) const {
  const Connection* connection = find(from, to.node);
  if (connection == nullptr) return false;
  return (to.node < from ? connection->low_life : connection->high_life) == to.life;
}

void ConnectionTable::dial(LivingNode from, NodeNumber to) {
  dials_.insert_or_assign(directed(from.node, to), Dial{from.life, {}});
}

void ConnectionTable::wait(LivingNode from, NodeNumber to, std::uint64_t message) {
  dials_.at(directed(from.node, to)).waiting.push_back(message);
}

std::vector<std::uint64_t> ConnectionTable::establish(LivingNode from, LivingNode to) {
  const bool from_is_low = from.node < to.node;
  established_[paired(from.node, to.node)] = {from_is_low ? from.life : to.life,
                                              from_is_low ? to.life : from.life};
  std::vector<std::uint64_t> waiting;
  const auto dial = dials_.find(directed(from.node, to.node));
  if (dial != dials_.end()) {
    waiting = std::move(dial->second.waiting);
    dials_.erase(dial);
  }
  return waiting;
}

std::vector<std::uint64_t> ConnectionTable::fail(LivingNode from, NodeNumber to) {
  const auto dial = dials_.find(directed(from.node, to));
  if (dial == dials_.end() || dial->second.life != from.life) return {};
  std::vector<std::uint64_t> waiting = std::move(dial->second.waiting);
  dials_.erase(dial);
  return waiting;
}

}  // namespace macula::sim
