// The community of a protocol that runs on the virtual network: messages M, what the network asks
// about them C (transport/codec.h), and nodes Node, which are guests. All that is left to say is
// how a node is made:
//
//     class GossipCommunity final : public CommunityOf<Rumours, RumourCodec, Gossip> {
//       using CommunityOf::CommunityOf;
//       std::unique_ptr<Gossip> make_member(NodeNumber node, Host& host, Gossip* former) override;
//     };
//     kit.make_community = make_community_of<GossipCommunity>;
//
// A verb or metric gets at the nodes by `community_as<GossipCommunity>(world).node(number)`.
//
// Include it in one file: it makes the network, which takes a while to compile.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "sim/net/virtual_network_parts.h"
#include "sim/run/community.h"
#include "sim/run/invariants_watch.h"
#include "sim/run/node_counts.h"
#include "sim/run/recorder.h"
#include "sim/run/sight.h"
#include "sim/run/trace.h"
#include "sim/run/world.h"
#include "transport/peer_book.h"

namespace macula::sim {

// Shows the messages of a network to a recorder, by their names, and its events to a trace and to
// invariants.
template <typename M, transport::Codec<M> C>
class WatchOf final : public ObserverOf<M> {
 public:
  WatchOf(World& world, C codec, NetworkOf<M>& network, const Watchers& watchers)
      : world_(&world),
        codec_(std::move(codec)),
        watchers_(watchers),
        records_(watchers.recorder.watches_messages()) {
    const Wants wants = watchers_.wants(records_);
    if (wants != Wants{}) network.observe(*this, wants);
  }

  void on_event(const EventOf<M>& event) override {
    if (watchers_.counts != nullptr) watchers_.counts->on_event(event.kind, event.from, event.to);
    if (watchers_.trace != nullptr) watchers_.trace->on_event(event, codec_);
    if (event.message == nullptr || !records_) return;
    Sight sight{*world_, event.time};
    sight.from = event.from;
    sight.to = event.to;
    sight.message = codec_.name(*event.message);
    watchers_.recorder.see(Watch::handed, sight);
  }
  void on_sent(Time time, NodeNumber from, NodeNumber to, const M& message,
               const Origin& origin) override {
    if (watchers_.trace != nullptr) {
      watchers_.trace->on_sent(time, from, to, message, origin, codec_);
    }
    if (!records_) return;
    Sight sight{*world_, time};
    sight.node = to;
    sight.from = from;
    sight.to = to;
    sight.message = codec_.name(message);
    watchers_.recorder.see(Watch::sent, sight);
  }
  void on_passage(const PassageOf& passage, const M* message) override {
    watchers_.trace->on_passage(passage, message, codec_);
  }

 private:
  World* world_;
  C codec_;
  Watchers watchers_;
  bool records_;
};

template <typename M, transport::Codec<M> C, typename Node>
class CommunityOf : public Community {
 public:
  using Host = transport::Host<M>;

  explicit CommunityOf(const Setup& setup, C codec = C())
      : roster_(&setup.roster),
        codec_(codec),
        network_(book_, setup.scenario.links, setup.options, codec) {
    for (NodeNumber node = 0; node < roster_->size(); ++node) add(node);
    members_.resize(roster_->size());
  }

  [[nodiscard]] Network& network() final { return network_; }
  // A new life keeps nothing but what make_member takes over from the last one.
  void start(NodeNumber node, bool keep_state) final {
    const std::unique_ptr<Node> former = std::move(members_[node]);
    members_[node] = make_member(node, network_.host(node), keep_state ? former.get() : nullptr);
    network_.start(node, *members_[node]);
    begin(*members_[node]);
  }
  void watch(World& world, const Watchers& watchers) final {
    if (watchers.invariants != nullptr) {
      invariants_.emplace(codec_, network_, *watchers.invariants);
    }
    watch_.emplace(world, codec_, network_, watchers);
  }

  // The node of its present life or, when it is down, of its last. Not before its first.
  [[nodiscard]] Node& node(NodeNumber node) {
    MACULA_CHECK(members_[node] != nullptr);
    return *members_[node];
  }
  [[nodiscard]] bool up(NodeNumber node) const { return network_.up(node); }

 protected:
  // A node at the beginning of a life. `former`: what it was in its last one, where it keeps its
  // state; else nullptr.
  [[nodiscard]] virtual std::unique_ptr<Node> make_member(NodeNumber node, Host& host,
                                                          Node* former) = 0;
  // The node is up, and may set timers and send.
  virtual void begin(Node& node) { node.start(); }

  // The parameters of [protocol], and of the node's profile: a struct of the kit's.
  template <typename P>
  [[nodiscard]] const P& parameters(NodeNumber node) const {
    return parameters_as<P>(roster_->parameters(node));
  }
  [[nodiscard]] const Roster& roster() const { return *roster_; }
  [[nodiscard]] transport::Peer peer(NodeNumber node) const { return peers_[node]; }
  // The nodes that these are, for `contacts`.
  [[nodiscard]] std::vector<NodeNumber> numbers_of(
      const std::vector<transport::Peer>& known) const {
    std::vector<NodeNumber> numbers;
    numbers.reserve(known.size());
    for (const transport::Peer peer : known) {
      const NodeNumber number = network_.node_of(peer);
      if (number != kNoNode) numbers.push_back(number);
    }
    return numbers;
  }
  // The peers of all nodes, by number.
  [[nodiscard]] const std::vector<transport::Peer>& peers() const { return peers_; }

 private:
  void add(NodeNumber node) {
    const transport::Identity id{{node + std::uint64_t{1}, 0, 0, 0}};
    peers_.push_back(*book_.intern({id, roster_->endpoint(node), std::nullopt}));
    const Population& population = roster_->population(node);
    network_.add_node({roster_->name(node),
                       peers_.back(),
                       population.region,
                       population.link,
                       population.activation,
                       roster_->endpoint(node),
                       {},
                       population.mode == Mode::client});
  }

  const Roster* roster_;
  C codec_;
  transport::PeerBook book_;
  std::vector<transport::Peer> peers_;
  VirtualNetwork<M, C> network_;
  std::vector<std::unique_ptr<Node>> members_;
  std::optional<InvariantsWatch<M, C>> invariants_;
  std::optional<WatchOf<M, C>> watch_;
};

// For Kit::make_community.
template <typename Made>
[[nodiscard]] std::unique_ptr<Community> make_community_of(const Setup& setup) {
  return std::make_unique<Made>(setup);
}

}  // namespace macula::sim
