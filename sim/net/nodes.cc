// The nodes of the virtual network: entering it, crashing, pausing, being cut off.
#include <utility>

#include "base/check.h"
#include "sim/net/network.h"
#include "sim/net/virtual_host.h"

namespace macula::sim {

NodeNumber Network::add_node(const NetworkNode& node) {
  const auto number = static_cast<NodeNumber>(nodes_.size());
  MACULA_CHECK(number != kNoNode);
  links_.add_node(node.name, node.region, node.link_class);
  Node entry;
  entry.contact = node.contact;
  entry.random = RandomStream(options_.seed, node.name);
  entry.activation = node.activation;
  nodes_.push_back(std::move(entry));
  hosts_.emplace_back(*this, number);
  add_contact(number, node.contact);
  return number;
}

void Network::add_contact(NodeNumber node, dht::ContactRef contact) {
  const auto index = static_cast<std::size_t>(contact);
  if (index >= node_of_contact_.size()) node_of_contact_.resize(index + 1, kNoNode);
  node_of_contact_[index] = node;
}

void Network::set_contact(NodeNumber node, dht::ContactRef contact) {
  MACULA_CHECK(!up(node));
  node_of_contact_[static_cast<std::size_t>(nodes_[node].contact)] = kNoNode;
  nodes_[node].contact = contact;
  add_contact(node, contact);
}

NodeNumber Network::node_of(dht::ContactRef contact) const {
  const auto index = static_cast<std::size_t>(contact);
  return index < node_of_contact_.size() ? node_of_contact_[index] : kNoNode;
}

dht::Host& Network::host(NodeNumber node) {
  return hosts_[node];
}

void Network::start(NodeNumber node, dht::Guest& guest) {
  MACULA_CHECK(!up(node));
  nodes_[node].guest = &guest;
  note(EventKind::restart, node, kNoNode, nodes_[node].life);
}

void Network::crash(NodeNumber node) {
  MACULA_CHECK(up(node));
  note(EventKind::crash, node, kNoNode, nodes_[node].life);
  resume(node);  // what was held finds it dead
  nodes_[node].guest = nullptr;
  ++nodes_[node].life;
}

void Network::pause(NodeNumber node) {
  if (!up(node) || paused(node)) return;
  note(EventKind::pause, node, kNoNode, 0);
  nodes_[node].paused = true;
}

void Network::resume(NodeNumber node) {
  if (!paused(node)) return;
  note(EventKind::resume, node, kNoNode, 0);
  nodes_[node].paused = false;
  if (nodes_[node].held == nullptr) return;
  const std::vector<Event> held = std::move(*nodes_[node].held);
  nodes_[node].held.reset();
  for (const Event& event : held) queue_.push(now_, event.slot, event.tag);
}

void Network::cut(const std::vector<NodeNumber>& a, const std::vector<NodeNumber>& b,
                  bool one_way) {
  std::uint64_t content = one_way ? 1 : 0;
  for (const NodeNumber node : a) content = mix(content, node);
  for (const NodeNumber node : b) content = mix(content, node);
  note(EventKind::partition, kNoNode, kNoNode, content);
  partitions_.cut(a, b, one_way);
}

void Network::heal() {
  note(EventKind::heal, kNoNode, kNoNode, 0);
  partitions_.heal();
}

void Network::connect(NodeNumber from, NodeNumber to) {
  const LivingNode living{from, nodes_[from].life};
  if (options_.warm_connections || connections_.state(living, to) != ConnectionTable::State::none) {
    return;
  }
  connections_.dial(living, to);
  start_handshake(from, to);
}

void Network::schedule(Time time, Action action) {
  const auto slot = static_cast<std::uint32_t>(actions_.size());
  actions_.push_back(std::move(action));
  push(time, slot, Tag::action, 0);
}

std::size_t Network::pending(NodeNumber node) const {
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
