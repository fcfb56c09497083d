// The host of one node of the virtual network: a thin door to it.
#pragma once

#include <utility>

#include "sim/net/virtual_network.h"

namespace macula::sim {

class VirtualNetwork::VirtualHost final : public dht::Host {
 public:
  VirtualHost(VirtualNetwork& network, NodeNumber node) : network_(&network), node_(node) {}

  [[nodiscard]] Time now() const override { return network_->now_; }
  [[nodiscard]] std::uint64_t random(dht::Draw what) override {
    return network_->nodes_[node_].draws.next(static_cast<std::size_t>(what));
  }
  dht::TimerId set_timer(Duration delay, dht::Token token) override {
    return network_->set_timer(node_, delay, token);
  }
  void cancel_timer(dht::TimerId timer) override { network_->cancel_timer(timer); }
  void send(dht::ContactRef to, dht::wire::Message&& message) override {
    network_->send(node_, to, message);
  }
  dht::RequestId request(dht::ContactRef to, dht::wire::Message&& message, Duration timeout,
                         dht::Token token) override {
    return network_->request(node_, to, message, timeout, token);
  }
  void cancel(dht::RequestId request) override { network_->cancel(request); }
  void reply(dht::InboundId request, dht::wire::Message&& message) override {
    network_->reply(request, message);
  }
  void refuse(dht::InboundId request) override { network_->refuse(request); }
  void meet(const dht::Endpoint& endpoint, Duration patience, dht::Token token) override {
    network_->meet(node_, endpoint, patience, token);
  }
  [[nodiscard]] bool reached(dht::ContactRef contact) const override {
    return network_->reached(contact);
  }

 private:
  VirtualNetwork* network_;
  NodeNumber node_;
};

}  // namespace macula::sim
