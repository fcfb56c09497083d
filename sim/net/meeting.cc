// Meeting whoever is at an endpoint of the virtual network, and who has been reached where.
#include <algorithm>
#include <utility>

#include "base/check.h"
#include "dht/wire/codec.h"
#include "sim/net/virtual_host.h"
#include "sim/net/virtual_network.h"

namespace macula::sim {

// As a request that the other host answers by itself: over the connection with whoever is there, or
// over a new one. With warm connections the answer is at hand.
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
  exchange.unsent = static_cast<std::uint32_t>(dht::wire::encoded_size(connect, *book_));
  exchange.message = std::move(connect);
  if (to == kNoNode || to == from || (options_.warm_connections && !up(to))) {
    ensure_outcome(slot);
  } else if (options_.warm_connections) {
    exchange.stage = Exchange::Stage::inbound;
    exchange.to_life = nodes_[to].life;
    move_on(now_, slot, Tag::arrive);
  } else {
    dispatch(slot);
  }
}

// Its first half ends at the other host, whose answer has the size of the question.
void VirtualNetwork::hand_over_meeting(std::uint32_t slot, Node& node) {
  Exchange& exchange = exchanges_[slot];
  if (exchange.abandoned) {
    exchanges_.release(slot);
  } else if (exchange.stage == Exchange::Stage::inbound) {
    const dht::Token token = exchange.token;
    const NodeNumber met = exchange.to;
    exchanges_.release(slot);
    node.guest->on_met(token, contact_met(met));
  } else {
    exchange.stage = Exchange::Stage::inbound;
    exchange.to_life = node.life;
    exchange.attempts = 0;
    exchange.unsent = static_cast<std::uint32_t>(dht::wire::encoded_size(exchange.message, *book_));
    submit(slot);
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
  return connection_of({from, nodes_[from].life}, to) != kNoSlot;
}

bool VirtualNetwork::reached(dht::ContactRef contact) const {
  const NodeNumber node = node_of(contact);
  return node != kNoNode && up(node) && endpoint_of(node) == book_->endpoint(contact);
}

}  // namespace macula::sim
