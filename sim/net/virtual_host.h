// The host of one node of the virtual network: a thin door to it.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "sim/net/virtual_network.h"

namespace macula::sim {

template <typename M, transport::Codec<M> C, typename B>
class VirtualNetwork<M, C, B>::VirtualHost final : public transport::Host<M> {
 public:
  VirtualHost(VirtualNetwork& network, NodeNumber node) : network_(&network), node_(node) {}

  [[nodiscard]] Time now() const override { return network_->now_; }
  [[nodiscard]] std::uint64_t random(transport::Draw what) override {
    return network_->draws_[node_].next(static_cast<std::size_t>(what));
  }
  transport::TimerId set_timer(Duration delay, transport::Token token) override {
    return network_->set_timer(node_, delay, token);
  }
  void cancel_timer(transport::TimerId timer) override { network_->cancel_timer(timer); }
  void send(transport::Peer to, M&& message) override { network_->send(node_, to, message); }
  transport::RequestId request(transport::Peer to, M&& message, Duration timeout,
                               transport::Token token) override {
    return network_->request(node_, to, message, timeout, token);
  }
  void cancel(transport::RequestId request) override { network_->cancel(request); }
  void reply(transport::InboundId request, M&& message) override {
    network_->reply(request, message);
  }
  void refuse(transport::InboundId request) override { network_->refuse(request); }
  void meet(const transport::Endpoint& endpoint, Duration patience,
            transport::Token token) override {
    network_->meet(node_, endpoint, patience, token);
  }
  [[nodiscard]] bool reached(transport::Peer contact) const override {
    return network_->reached(contact);
  }

 private:
  VirtualNetwork* network_;
  NodeNumber node_;
};

// A node, as each message to it or from it needs it: in one line of the cache.
template <typename M, transport::Codec<M> C, typename B>
struct alignas(64) VirtualNetwork<M, C, B>::Node {
  VirtualHost host;
  transport::Guest<M>* guest = nullptr;  // nullptr: down
  transport::Peer contact{};
  std::uint32_t life = 0;
  std::uint64_t bytes_sent = 0;
  std::unique_ptr<std::vector<Event>> held{};  // what waits for it to resume
  std::uint32_t packets_missed = 0;
  bool client = false;
  bool paused = false;
  bool activates = false;  // what arrives waits for as long as `activations_` says
};

}  // namespace macula::sim
