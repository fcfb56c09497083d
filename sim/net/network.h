// A network of one run: its nodes, what carries their messages, faults, time. One interface for all
// worlds, and, but for those who drive its nodes (NetworkOf<M>), for all messages.
//
//   NodeNumber a = network.add_node({"a", contact, endpoint});
//   auto node = make_guest(network.host(a));
//   network.start(a, node);                        // it is up
//   network.run_until(end);
//
// Worlds: `virtual` is sim/net/virtual_network.h, a model of QUIC. `virtual-quic` and `quic` are
// sim/quic/quic_network.h, real QUIC in virtual and in real time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sim/net/event_log.h"
#include "sim/net/link_model.h"
#include "sim/net/medium.h"
#include "sim/net/observer.h"
#include "sim/net/rule.h"
#include "transport/endpoint.h"
#include "transport/guest.h"
#include "transport/host.h"
#include "transport/peer.h"

namespace macula::sim {

struct NetworkOptions {
  std::uint64_t seed = 1;
  bool warm_connections = false;  // every pair of nodes has a connection from the start
  bool encoded = false;           // every message is encoded and decoded on its way
  bool random_chunks = false;     // encoded: the byte stream is cut anywhere
  bool shuffled_ties = false;     // events of one instant come in an order drawn from the seed
  bool unbound = false;           // ids are not those of the nodes' keys
  std::uint64_t max_events = 1'000'000'000;
  Fates fates{};  // of packets
};

struct NetworkNode {
  std::string name;
  transport::Peer contact{};
  std::string region{};            // empty: none
  std::string link_class{};        // empty: none
  Duration activation{0};          // messages are handed over up to this long after they arrive
  transport::Endpoint endpoint{};  // its own, also where the contact is that of a gateway
  std::string key_seed{};          // of its Ed25519 key, where there is real TLS: 32 bytes
  bool client = false;             // enters nobody's table: receivers are not told its contact
};

class Network {
 public:
  using Action = std::function<void()>;

  virtual ~Network() = default;

  // ----- nodes -----
  // All nodes are added before the first host is asked for.
  virtual NodeNumber add_node(const NetworkNode& node) = 0;
  // From its next life on the node is another one: by its former contact it is reached no more.
  // While it is down. False: in this world a node keeps its contact.
  virtual bool set_contact(NodeNumber, transport::Peer) { return false; }
  // Nothing for contacts of no node here.
  [[nodiscard]] virtual NodeNumber node_of(transport::Peer contact) const = 0;
  // It hears and says nothing more, and has lost its timers and requests.
  virtual void crash(NodeNumber node) = 0;
  // Events that would happen to it happen at once when it resumes.
  virtual void pause(NodeNumber node) = 0;
  virtual void resume(NodeNumber node) = 0;
  [[nodiscard]] virtual bool up(NodeNumber node) const = 0;
  [[nodiscard]] virtual bool paused(NodeNumber node) const = 0;

  // ----- the wires -----
  // A fault begins: a rule on packets, as that of sim/net/cut.h. Returns its number in the medium.
  virtual std::size_t add_rule(std::shared_ptr<const Rule> rule) = 0;
  virtual void remove_rule(std::size_t number) = 0;
  // The rules that stand, and what they have stopped.
  [[nodiscard]] virtual const Medium& medium() const = 0;
  // Packets that have come for the node while it was down.
  [[nodiscard]] virtual std::uint64_t packets_missed(NodeNumber node) const = 0;
  // Opens a connection before there is anything to say.
  virtual void connect(NodeNumber from, NodeNumber to) = 0;

  // ----- time -----
  [[nodiscard]] virtual Time now() const = 0;
  // Runs `action` at `time`, in the order of events.
  virtual void schedule(Time time, Action action) = 0;
  // Looks at the run once all that happens up to `time` has happened: sim/net/looks.h.
  virtual void look_at(Time time, Action look) = 0;
  // False: the limit on events was reached before `end`.
  [[nodiscard]] virtual bool run_until(Time end) = 0;

  // ----- what happened -----
  // Adds an event that its caller makes happen (an operation) to the digest and the trace.
  virtual void note(EventKind kind, NodeNumber from, NodeNumber to, std::uint64_t content) = 0;
  // Messages that guests send until the present event is over are for this: see sim/net/origins.h.
  virtual void act_for(std::uint64_t cause) = 0;
  [[nodiscard]] virtual const EventLog& log() const = 0;
  // The bytes of its messages.
  [[nodiscard]] virtual std::uint64_t bytes_sent(NodeNumber node) const = 0;
  // Requests the node waits for and timers it has set.
  [[nodiscard]] virtual std::size_t pending(NodeNumber node) const = 0;
};

// A network that carries messages `M`.
template <typename M>
class NetworkOf : public Network {
 public:
  // The host of the node's present life, or, while it is down, of the next.
  [[nodiscard]] virtual transport::Host<M>& host(NodeNumber node) = 0;
  // The node is up and driven through `guest`, until it crashes.
  virtual void start(NodeNumber node, transport::Guest<M>& guest) = 0;
  // From now on the observer is told of what it wants, until it is forgotten. It outlives the
  // network, or is forgotten before its end.
  virtual void observe(ObserverOf<M>& observer, Wants wants) = 0;
  virtual void forget(const ObserverOf<M>& observer) = 0;
};

}  // namespace macula::sim
