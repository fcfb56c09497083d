// The nodes of the virtual network: entering it, crashing, pausing, rules that part them.
#pragma once

#include <utility>

#include "base/check.h"
#include "sim/net/virtual_host.h"
#include "sim/net/virtual_network.h"

namespace macula::sim {

template <typename M, transport::Codec<M> C, typename B>
NodeNumber VirtualNetwork<M, C, B>::add_node(const NetworkNode& node) {
  const auto number = static_cast<NodeNumber>(nodes_.size());
  MACULA_CHECK(number != kNoNode);
  medium_.links().add_node(node.name, node.region, node.link_class);
  Node entry{VirtualHost(*this, number)};
  entry.contact = node.contact;
  entry.client = node.client;
  entry.activates = node.activation > Duration{0};
  nodes_.push_back(std::move(entry));
  draws_.emplace_back(options_.seed, node.name);
  activations_.push_back(node.activation);
  contacts_.add(node.contact, number);
  if (book_->is_relayed(node.contact)) relayed_.push_back(number);
  const bool told = node.endpoint.port != 0;
  if (told && !(node.endpoint == book_->endpoint(node.contact))) {
    elsewhere_.emplace(number, node.endpoint);
  }
  return number;
}

template <typename M, transport::Codec<M> C, typename B>
bool VirtualNetwork<M, C, B>::set_contact(NodeNumber node, transport::Peer contact) {
  MACULA_CHECK(!up(node));
  contacts_.add(nodes_[node].contact, kNoNode);
  // Nor as who it was met as.
  const auto met = book_->find({book_->id(nodes_[node].contact), endpoint_of(node), std::nullopt});
  if (met) contacts_.add(*met, kNoNode);
  nodes_[node].contact = contact;
  contacts_.add(contact, node);
  return true;
}

template <typename M, transport::Codec<M> C, typename B>
transport::Host<M>& VirtualNetwork<M, C, B>::host(NodeNumber node) {
  return nodes_[node].host;
}

template <typename M, transport::Codec<M> C, typename B>
bool VirtualNetwork<M, C, B>::up(NodeNumber node) const {
  return nodes_[node].guest != nullptr;
}

template <typename M, transport::Codec<M> C, typename B>
bool VirtualNetwork<M, C, B>::paused(NodeNumber node) const {
  return nodes_[node].paused;
}

template <typename M, transport::Codec<M> C, typename B>
std::uint64_t VirtualNetwork<M, C, B>::packets_missed(NodeNumber node) const {
  return nodes_[node].packets_missed;
}

template <typename M, transport::Codec<M> C, typename B>
std::uint64_t VirtualNetwork<M, C, B>::bytes_sent(NodeNumber node) const {
  return nodes_[node].bytes_sent;
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::start(NodeNumber node, transport::Guest<M>& guest) {
  MACULA_CHECK(!up(node));
  nodes_[node].guest = &guest;
  silences_.end(node, now_);
  note(EventKind::restart, node, kNoNode, nodes_[node].life);
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::crash(NodeNumber node) {
  MACULA_CHECK(up(node));
  note(EventKind::crash, node, kNoNode, nodes_[node].life);
  resume(node);  // what was held finds it dead
  nodes_[node].guest = nullptr;
  ++nodes_[node].life;
  half_open_.clear(node);
  if (!options_.warm_connections) silences_.begin(node, Silence::Kind::crash, now_);
  keep_alive(node);
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::pause(NodeNumber node) {
  if (!up(node) || paused(node)) return;
  note(EventKind::pause, node, kNoNode, 0);
  nodes_[node].paused = true;
  if (!options_.warm_connections) silences_.begin(node, Silence::Kind::pause, now_);
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::resume(NodeNumber node) {
  if (!paused(node)) return;
  note(EventKind::resume, node, kNoNode, 0);
  nodes_[node].paused = false;
  silences_.end(node, now_);
  if (nodes_[node].held == nullptr) return;
  const std::vector<Event> held = std::move(*nodes_[node].held);
  nodes_[node].held.reset();
  for (const Event& event : held) queue_.push(now_, event.slot, event.tag);
}

template <typename M, transport::Codec<M> C, typename B>
std::size_t VirtualNetwork<M, C, B>::add_rule(std::shared_ptr<const Rule> rule) {
  const std::size_t number = medium_.add(rule);
  if (!options_.warm_connections) silences_.begin_rule(number, rule, now_);
  for (const NodeNumber node : rule->nodes()) keep_alive(node);
  return number;
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::remove_rule(std::size_t number) {
  medium_.remove(number);
  silences_.end_rule(number, now_);
}

template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::schedule(Time time, Action action) {
  const std::uint32_t slot = actions_.allocate(std::move(action));
  push(time, slot, Tag::action, 0);
}

template <typename M, transport::Codec<M> C, typename B>
std::size_t VirtualNetwork<M, C, B>::under_way() const {
  std::size_t count = 0;
  for (std::uint32_t slot = 0; slot < exchanges_.capacity(); ++slot) {
    count += exchanges_.live(slot);
  }
  return count;
}

template <typename M, transport::Codec<M> C, typename B>
std::size_t VirtualNetwork<M, C, B>::pending(NodeNumber node) const {
  std::size_t count = 0;
  for (std::uint32_t slot = 0; slot < exchanges_.capacity(); ++slot) {
    const Exchange& exchange = exchanges_[slot];
    count += exchanges_.live(slot) && exchange.kind == Exchange::Kind::request &&
             !exchange.abandoned && exchange.from == node &&
             exchange.from_life == nodes_[node].life;
  }
  for (std::uint32_t slot = 0; slot < timers_.capacity(); ++slot) {
    count +=
        timers_.live(slot) && timers_[slot].node == node && timers_[slot].life == nodes_[node].life;
  }
  return count;
}

}  // namespace macula::sim
