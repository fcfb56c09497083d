// Meeting whoever is at an endpoint of the virtual network, and who has been reached where.
#pragma once

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "sim/net/virtual_host.h"
#include "sim/net/virtual_network.h"

namespace macula::sim {

// As a request that the other host answers by itself: over the connection with whoever is there, or
// over a new one. With warm connections the answer is at hand.
template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::meet(NodeNumber from, const transport::Endpoint& endpoint,
                                   Duration patience, transport::Token token) {
  MACULA_CHECK(patience > Duration{0});
  const NodeNumber to = node_at(endpoint);
  const std::uint32_t slot = new_exchange(Exchange::Kind::meeting, from, to, patience);
  Exchange& exchange = exchanges_[slot];
  exchange.token = token;
  exchange.message = codec_.greeting(nodes_[from].contact);
  log_.sent(now_, from, to, exchange.message, origins_.of(slot));
  exchange.unsent = static_cast<std::uint32_t>(codec_.size(exchange.message));
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
template <typename M, transport::Codec<M> C, typename B>
void VirtualNetwork<M, C, B>::hand_over_meeting(std::uint32_t slot, Node& node) {
  Exchange& exchange = exchanges_[slot];
  if (exchange.abandoned) {
    exchanges_.release(slot);
  } else if (exchange.stage == Exchange::Stage::inbound) {
    const transport::Token token = exchange.token;
    const NodeNumber met = exchange.to;
    origins_.go_on_with(origins_.of(slot));
    exchanges_.release(slot);
    node.guest->on_met(token, contact_met(met));
  } else {
    exchange.stage = Exchange::Stage::inbound;
    exchange.to_life = node.life;
    exchange.attempts = 0;
    exchange.unsent = static_cast<std::uint32_t>(codec_.size(exchange.message));
    submit(slot);
  }
}

template <typename M, transport::Codec<M> C, typename B>
NodeNumber VirtualNetwork<M, C, B>::node_at(const transport::Endpoint& endpoint) {
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

template <typename M, transport::Codec<M> C, typename B>
transport::Endpoint VirtualNetwork<M, C, B>::endpoint_of(NodeNumber node) const {
  const auto elsewhere = elsewhere_.find(node);
  return elsewhere != elsewhere_.end() ? elsewhere->second : book_->endpoint(nodes_[node].contact);
}

// Its id is proven, and where it was met; what it announces is not.
template <typename M, transport::Codec<M> C, typename B>
transport::Peer VirtualNetwork<M, C, B>::contact_met(NodeNumber node) {
  if (nodes_[node].client) return transport::kNoPeer;
  const transport::Contact contact{book_->id(nodes_[node].contact), endpoint_of(node),
                                   std::nullopt};
  const auto ref = book_->intern(contact);
  if (!ref) return transport::kNoPeer;
  contacts_.add(*ref, node);
  return *ref;
}

template <typename M, transport::Codec<M> C, typename B>
bool VirtualNetwork<M, C, B>::reachable(NodeNumber from, NodeNumber to,
                                        transport::Peer contact) const {
  if (options_.warm_connections || book_->is_relayed(contact)) return true;
  if (endpoint_of(to) == book_->endpoint(contact)) return true;
  return connection_of({from, nodes_[from].life}, to) != kNoSlot;
}

template <typename M, transport::Codec<M> C, typename B>
bool VirtualNetwork<M, C, B>::reached(transport::Peer contact) const {
  const NodeNumber node = node_of(contact);
  return node != kNoNode && up(node) && endpoint_of(node) == book_->endpoint(contact);
}

}  // namespace macula::sim
