// Meeting whoever is at an endpoint of the virtual network, and who has been reached where.
#include <algorithm>

#include "base/check.h"
#include "sim/net/virtual_host.h"
#include "sim/net/virtual_network.h"

namespace macula::sim {

// A handshake even where there is a connection: who is there now is the question. With warm
// connections there is no handshake, and the answer is at hand.
void VirtualNetwork::meet(NodeNumber from, const dht::Endpoint& endpoint, Duration patience,
                          dht::Token token) {
  MACULA_CHECK(patience > Duration{0});
  const NodeNumber to = node_at(endpoint);
  const std::uint32_t slot = new_exchange(Exchange::Kind::meeting, from, to, patience);
  Exchange& exchange = exchanges_[slot];
  exchange.token = token;
  dht::wire::Connect connect;
  connect.node_id = book_->id(nodes_[from].contact);
  log_.sent(now_, from, to, connect);
  if (to == kNoNode || to == from || (options_.warm_connections && !up(to))) {
    ensure_outcome(slot);
  } else if (options_.warm_connections) {
    exchange.stage = Exchange::Stage::inbound;
    exchange.to_life = nodes_[to].life;
    move_on(now_, slot, Tag::arrive);
  } else {
    transmit(slot);
  }
}

NodeNumber VirtualNetwork::node_at(const dht::Endpoint& endpoint) {
  const auto before = [](const Place& a, const Place& b) { return a.endpoint < b.endpoint; };
  if (places_.size() != nodes_.size()) {
    places_.clear();
    places_.reserve(nodes_.size());
    for (NodeNumber node = 0; node < nodes_.size(); ++node) {
      places_.push_back({endpoint_of(node), node});
    }
    // The first node of an endpoint keeps it.
    std::stable_sort(places_.begin(), places_.end(), before);
  }
  const auto place = std::lower_bound(places_.begin(), places_.end(), Place{endpoint, 0}, before);
  return place != places_.end() && place->endpoint == endpoint ? place->node : kNoNode;
}

dht::Endpoint VirtualNetwork::endpoint_of(NodeNumber node) const {
  const auto elsewhere = elsewhere_.find(node);
  return elsewhere != elsewhere_.end() ? elsewhere->second : book_->endpoint(nodes_[node].contact);
}

// Its id is proven, and where it was met; what it announces is not.
dht::ContactRef VirtualNetwork::contact_met(NodeNumber node) {
  if (nodes_[node].client) return dht::kNoContact;
  const dht::Contact contact{book_->id(nodes_[node].contact), endpoint_of(node), std::nullopt};
  const auto ref = book_->intern(contact);
  if (!ref) return dht::kNoContact;
  contacts_.add(*ref, node);
  return *ref;
}

bool VirtualNetwork::reachable(NodeNumber from, NodeNumber to, dht::ContactRef contact) const {
  if (options_.warm_connections || book_->is_relayed(contact)) return true;
  if (endpoint_of(to) == book_->endpoint(contact)) return true;
  const LivingNode living{from, nodes_[from].life};
  return connections_.state(living, to) == ConnectionTable::State::established;
}

bool VirtualNetwork::reached(dht::ContactRef contact) const {
  const NodeNumber node = node_of(contact);
  return node != kNoNode && up(node) && endpoint_of(node) == book_->endpoint(contact);
}

}  // namespace macula::sim
