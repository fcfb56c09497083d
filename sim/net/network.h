// The virtual network: nodes, the messages between them, and the order of events. World `virtual`.
//
//   Network network(book, links, options);
//   NodeNumber a = network.add_node({"a", contact});
//   network.start(a, guest);                       // it is up; its host is network.host(a)
//   network.run_until(end);
//
// The transport is a model of QUIC. First contact costs a round trip for the handshake; then every
// request has its own stream: no message waits for another. A lost packet costs time, not the
// message: it is sent again after a probe timeout (RFC 9002, section 6.2), doubled each time, until
// the message is given up: a request at its timeout, a one-way message or a handshake after
// kDeadAfter.
//
// A message's way: a guest calls its host, which calls `request`; a connection is made if there is
// none (`dispatch`); the packet is lost or scheduled to arrive (`transmit`); it arrives (`arrive`)
// and is handed to the guest (`hand_over`), whose answer takes the same way back in the same
// Exchange. Of timeouts only those are scheduled that may happen: the network knows which answers
// come in time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "dht/contact_book.h"
#include "dht/transport.h"
#include "sim/engine/digest.h"
#include "sim/engine/event_queue.h"
#include "sim/engine/random.h"
#include "sim/engine/slab.h"
#include "sim/net/connection_table.h"
#include "sim/net/exchange.h"
#include "sim/net/link.h"
#include "sim/net/observer.h"
#include "sim/net/partitions.h"

namespace macula::sim {

struct NetworkOptions {
  std::uint64_t seed = 1;
  bool warm_connections = false;  // every pair of nodes has a connection from the start
  bool encoded = false;           // every message is encoded and decoded on its way
  bool random_chunks = false;     // encoded: the byte stream is cut anywhere
  bool shuffled_ties = false;     // events of one instant come in an order drawn from the seed
  std::uint64_t max_events = 1'000'000'000;
};

struct NetworkNode {
  std::string name;
  dht::ContactRef contact{};
  std::string region;      // empty: none
  std::string link_class;  // empty: none
  Duration activation{0};  // messages are handed over up to this long after they arrive
};

class Network {
 public:
  // Sending again ends after this long without a word from the peer.
  static constexpr Duration kDeadAfter = std::chrono::seconds(30);
  static constexpr std::uint64_t kCheckpointEvents = 4096;

  using Action = std::function<void()>;

  Network(dht::ContactBook& book, const LinkModel& model, const NetworkOptions& options);
  ~Network();
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  // ----- nodes -----
  // All nodes are added before the first host is asked for.
  NodeNumber add_node(const NetworkNode& node);
  // A further contact by which the node is reached, such as one through a gateway.
  void add_contact(NodeNumber node, dht::ContactRef contact);
  // The node is another one from now on; by its former contact it is reached no more. While down.
  void set_contact(NodeNumber node, dht::ContactRef contact);
  // Nothing for contacts of no node here.
  [[nodiscard]] NodeNumber node_of(dht::ContactRef contact) const;
  [[nodiscard]] dht::Host& host(NodeNumber node);

  // The node is up and driven through `guest`, until it crashes.
  void start(NodeNumber node, dht::Guest& guest);
  // It hears and says nothing more, and has lost its timers and requests.
  void crash(NodeNumber node);
  // What would happen to it happens at once when it resumes.
  void pause(NodeNumber node);
  void resume(NodeNumber node);
  [[nodiscard]] bool up(NodeNumber node) const { return nodes_[node].guest != nullptr; }
  [[nodiscard]] bool paused(NodeNumber node) const { return nodes_[node].paused; }

  // ----- the wires -----
  void cut(const std::vector<NodeNumber>& a, const std::vector<NodeNumber>& b, bool one_way);
  void heal();
  // Opens a connection before there is anything to say.
  void connect(NodeNumber from, NodeNumber to);

  // ----- time -----
  [[nodiscard]] Time now() const { return now_; }
  // Runs `action` at `time`, in the order of events.
  void schedule(Time time, Action action);
  // False: the limit on events was reached before `end`.
  [[nodiscard]] bool run_until(Time end);

  // ----- what happened -----
  void observe(NetworkObserver* observer) { observer_ = observer; }
  // Adds an event that its caller makes happen (an operation) to the digest and the trace.
  void note(EventKind kind, NodeNumber from, NodeNumber to, std::uint64_t content);
  [[nodiscard]] std::uint64_t digest() const { return digest_.value(); }
  struct Mark {
    std::uint64_t events;
    Time time;
    std::uint64_t digest;
  };
  // The digest every kCheckpointEvents.
  [[nodiscard]] const std::vector<Mark>& checkpoints() const { return checkpoints_; }
  [[nodiscard]] std::uint64_t events() const { return events_; }
  // Requests, replies and one-way messages handed to a node.
  [[nodiscard]] std::uint64_t messages() const { return messages_; }
  [[nodiscard]] std::uint64_t bytes_sent(NodeNumber node) const { return nodes_[node].bytes_sent; }
  // Requests the node waits for and timers it has set.
  [[nodiscard]] std::size_t pending(NodeNumber node) const;

 private:
  class VirtualHost;
  enum class Tag : std::uint8_t { arrive, hand_over, retransmit, dispatch, give_up, timer, action };

  struct Node {
    dht::Guest* guest = nullptr;  // nullptr: down
    dht::ContactRef contact{};
    std::uint32_t life = 0;
    RandomStream random;
    std::uint64_t bytes_sent = 0;
    Duration activation{0};
    bool paused = false;
    std::unique_ptr<std::vector<Event>> held;  // what waits for it to resume
  };

  struct Timer {
    dht::Token token = 0;
    NodeNumber node = kNoNode;
    std::uint32_t life = 0;
  };

  // What hosts call.
  dht::RequestId request(NodeNumber from, dht::ContactRef to, dht::wire::Message& message,
                         Duration timeout, dht::Token token);
  void send(NodeNumber from, dht::ContactRef to, dht::wire::Message& message);
  void cancel(dht::RequestId request);
  void reply(dht::InboundId request, dht::wire::Message& message);
  dht::TimerId set_timer(NodeNumber node, Duration delay, dht::Token token);
  void cancel_timer(dht::TimerId timer);

  // A message's way.
  // `patience`: until it is given up.
  std::uint32_t new_exchange(Exchange::Kind kind, NodeNumber from, NodeNumber to,
                             Duration patience);
  void begin(std::uint32_t slot);
  void dispatch(std::uint32_t slot);
  void start_handshake(NodeNumber from, NodeNumber to);
  void transmit(std::uint32_t slot);
  void lose(std::uint32_t slot);
  void arrive(std::uint32_t slot);
  void reconnect(std::uint32_t slot);
  void hand_over(std::uint32_t slot);
  void hand_over_request(std::uint32_t slot, Node& node);
  void hand_over_reply(std::uint32_t slot);
  void finish_handshake(std::uint32_t slot);
  void give_up(std::uint32_t slot);
  void fire(std::uint32_t slot);

  void move_on(Time time, std::uint32_t slot, Tag tag);
  void push(Time time, std::uint32_t slot, Tag tag, std::uint32_t generation);
  void ensure_outcome(std::uint32_t slot);
  // The asker wants nothing more; the exchange ends, now or once its packet has arrived.
  void abandon(std::uint32_t slot);
  void process(const Event& event);
  bool hold_if_paused(NodeNumber node, const Event& event);
  void prefetch() const;
  [[nodiscard]] Duration probe_timeout(const Exchange& exchange) const;
  // Encodes and decodes; false where nothing came out.
  [[nodiscard]] bool recode(NodeNumber from, dht::wire::Message& message);
  void record(EventKind kind, const Exchange& exchange, const dht::wire::Message& message);

  dht::ContactBook* book_;
  NetworkOptions options_;
  Links links_;
  Partitions partitions_;
  ConnectionTable connections_;
  EventQueue queue_;
  Time now_{};

  std::vector<Node> nodes_;
  std::vector<VirtualHost> hosts_;
  std::vector<NodeNumber> node_of_contact_;
  Slab<Exchange> exchanges_;
  Slab<Timer> timers_;
  std::vector<Action> actions_;

  NetworkObserver* observer_ = nullptr;
  Digest digest_;
  std::vector<Mark> checkpoints_;
  std::uint64_t events_ = 0;
  std::uint64_t messages_ = 0;
};

}  // namespace macula::sim
