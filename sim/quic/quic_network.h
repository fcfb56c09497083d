// A network of real QUIC hosts over the simulator's links. Worlds `virtual-quic` and `quic`.
//
//   QuicNetwork network(book, links, options, std::make_unique<VirtualCarrier>());
//
// Each life of a node has a dht::quic::QuicHost of its own; key and reset secret are kept from life
// to life. A datagram that a host sends is lost or delayed by the link model, packet by packet,
// stopped by partitions, and then given to the carrier. In virtual time the run is repeatable: its
// digest is over everything that the virtual network notes, and over time, size and
// bytes of each datagram.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dht/quic/engine/credentials.h"
#include "sim/engine/event_queue.h"
#include "sim/macula/net/network.h"
#include "sim/net/looks.h"
#include "sim/net/medium.h"
#include "sim/net/rule.h"
#include "sim/quic/carrier.h"
#include "sim/quic/endpoint_index.h"
#include "sim/quic/quic_life.h"
#include "sim/quic/tls_random.h"

namespace macula::sim {

class QuicNetwork final : public MaculaNetwork {
 public:
  QuicNetwork(dht::ContactBook& book, const LinkModel& model, const NetworkOptions& options,
              std::unique_ptr<Carrier> carrier);
  ~QuicNetwork() override;
  QuicNetwork(const QuicNetwork&) = delete;
  QuicNetwork& operator=(const QuicNetwork&) = delete;

  // ----- Network -----
  NodeNumber add_node(const NetworkNode& node) override;
  [[nodiscard]] NodeNumber node_of(dht::ContactRef contact) const override {
    return contacts_.find(contact);
  }
  [[nodiscard]] dht::Host& host(NodeNumber node) override;
  void start(NodeNumber node, dht::Guest& guest) override;
  void crash(NodeNumber node) override;
  void pause(NodeNumber node) override;
  void resume(NodeNumber node) override;
  [[nodiscard]] bool up(NodeNumber node) const override { return nodes_[node]->up; }
  [[nodiscard]] bool paused(NodeNumber node) const override { return nodes_[node]->paused; }
  std::size_t add_rule(std::shared_ptr<const Rule> rule) override {
    return medium_.add(std::move(rule));
  }
  void remove_rule(std::size_t number) override { medium_.remove(number); }
  [[nodiscard]] const Medium& medium() const override { return medium_; }
  [[nodiscard]] std::uint64_t packets_missed(NodeNumber node) const override {
    return nodes_[node]->packets_missed;
  }
  void connect(NodeNumber from, NodeNumber to) override;
  [[nodiscard]] Time now() const override { return now_; }
  void schedule(Time time, Action action) override;
  void look_at(Time time, Action look) override { looks_.add(time, std::move(look)); }
  [[nodiscard]] bool run_until(Time end) override;
  void observe(NetworkObserver& observer, Wants wants) override {
    log_.observe(observer, wants);
    if (has(wants, Wants::passage)) exchanges_.watch();
  }
  void forget(const NetworkObserver& observer) override { log_.forget(observer); }
  void note(EventKind kind, NodeNumber from, NodeNumber to, std::uint64_t content) override {
    log_.note(now_, kind, from, to, content);
  }
  void act_for(std::uint64_t cause) override { exchanges_.act_for(cause); }
  [[nodiscard]] const EventLog& log() const override { return log_; }
  [[nodiscard]] std::uint64_t bytes_sent(NodeNumber node) const override {
    return nodes_[node]->self.bytes_sent;
  }
  [[nodiscard]] std::size_t pending(NodeNumber node) const override;

  // The node's present life.
  [[nodiscard]] const QuicLife& life(NodeNumber node) const { return *nodes_[node]->lives.back(); }

 private:
  enum class Tag : std::uint8_t { datagram, action, wake, resume };

  struct Datagram {
    NodeNumber from = kNoNode;
    NodeNumber to = kNoNode;
    std::string bytes;
  };

  struct Node {
    explicit Node(dht::quic::Credentials node_credentials)
        : credentials(std::move(node_credentials)) {}

    std::string name;
    dht::Endpoint endpoint;
    dht::quic::Credentials credentials;
    std::string static_secret;
    QuicSelf self;
    // The last is the present one, or, while the node is down, the next where there is one. Former
    // ones stay: their guests may still hold them.
    std::vector<std::unique_ptr<QuicLife>> lives;
    bool client = false;
    bool up = false;
    bool paused = false;
    bool resuming = false;  // an event is under way that ends the pause
    bool dirty = false;     // it stands in dirty_
    Time wake = kTimeMax;   // the next event for it
    std::uint64_t packets_missed = 0;
    // Things that wait for it to resume.
    std::vector<Datagram> held_datagrams;
    std::vector<Action> held_actions;
  };

  // Takes what one node sends.
  class Sink final : public dht::quic::DatagramSink {
   public:
    Sink(QuicNetwork& network, NodeNumber from) : network_(network), from_(from) {}
    void send(const dht::Endpoint& remote, std::string_view datagram) override {
      network_.dispatch(from_, remote, datagram);
    }

   private:
    QuicNetwork& network_;
    NodeNumber from_;
  };

  [[nodiscard]] QuicLife& present(NodeNumber node) { return *nodes_[node]->lives.back(); }
  [[nodiscard]] std::unique_ptr<QuicLife> next_life(NodeNumber node);
  void touch(NodeNumber node);
  // Runs `action` at `time` if the node's present life still lasts then.
  void later(NodeNumber node, Time time, Action action);

  // A datagram's way.
  void dispatch(NodeNumber from, const dht::Endpoint& remote, std::string_view datagram);
  void deliver(NodeNumber from, NodeNumber to, std::string_view datagram);
  void tell(NodeNumber from, NodeNumber to, Passage passage, std::string_view datagram);

  void process(const Event& event);
  void tell_time();
  void wake(NodeNumber node);
  void go_on(NodeNumber node);
  // Lets every node that was touched say what it has to say.
  void settle();
  // All looks before `time`.
  void look_before(Time time);
  void push(Time time, std::uint32_t slot, Tag tag);

  dht::ContactBook* book_;
  NetworkOptions options_;
  Medium medium_;
  TlsRandom tls_random_;
  std::unique_ptr<Carrier> carrier_;
  EventQueue queue_;
  Looks looks_;
  Time now_{};

  ContactIndex contacts_;
  EndpointIndex endpoints_;
  std::vector<std::unique_ptr<Node>> nodes_;
  std::vector<NodeNumber> dirty_;
  Slab<Datagram> datagrams_;
  Slab<Action> actions_;
  MaculaLog log_;
  QuicExchanges exchanges_;
};

}  // namespace macula::sim
