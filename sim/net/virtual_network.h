// The virtual network: nodes, the messages between them, and the order of events. World `virtual`.
//
//     VirtualNetwork<M, C> network(book, links, options);
//     NodeNumber a = network.add_node({"a", contact});
//     network.start(a, guest);                       // it is up; its host is network.host(a)
//     network.run_until(end);
//
// The transport is a model of QUIC, as dht/quic speaks it. First contact costs a round trip for the
// handshake; then every request has its own stream: no message waits for another. A lost packet
// costs time, not the message: it is sent again while its connection lives.
//
// A message's way: a guest calls its host, which calls `request`; a connection is made if there is
// none (`dispatch`); the message waits if too much is under way (`submit`); its packet is lost or
// scheduled to arrive (`transmit`); it arrives (`arrive`) and is handed to the guest (`hand_over`),
// whose answer takes the same way back in the same Exchange. Only timeouts that may happen are
// scheduled: the network knows which answers come in time.
//
//     virtual_network_parts.h  the loop of events
//     message_way.h            the way itself
//     outcomes.h               how it ends where it does not by itself
//     fates.h                  what becomes of packets                        sim/net/link.h
//     connections.h            which there are, and how they end   sim/net/connection_table.h
//     keepalive.h              those on which nobody speaks              sim/net/silences.h
//     dialling.h               handshakes, pauses after failed dials          sim/net/dials.h
//     recovering.h             lost packets                                   sim/net/recovery.h
//     sending.h                more than may be under way at once             sim/net/congestion.h
//     flights.h                what of it leaves, and what is lost of that
//     meeting.h                whoever is at an endpoint
//     timers.h                 what nodes wait for
//     nodes.h                  nodes that come, go, pause and are cut off
//
// It is generic over the messages `M`, what it asks about them (C, transport/codec.h), and the book
// that knows the peers (B, with the functions of transport/peer_book.h). One file of a program
// makes it for its messages, so that the others need not compile it:
//
//     #include "sim/net/virtual_network_parts.h"
//     template class macula::sim::VirtualNetwork<M, C>;
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "sim/engine/event_queue.h"
#include "sim/engine/random.h"
#include "sim/engine/slab.h"
#include "sim/net/connection_table.h"
#include "sim/net/contact_index.h"
#include "sim/net/dials.h"
#include "sim/net/exchange.h"
#include "sim/net/half_open.h"
#include "sim/net/link.h"
#include "sim/net/looks.h"
#include "sim/net/medium.h"
#include "sim/net/network.h"
#include "sim/net/origins.h"
#include "sim/net/rule.h"
#include "sim/net/silences.h"
#include "transport/codec.h"
#include "transport/peer_book.h"

namespace macula::sim {

template <typename M, transport::Codec<M> C, typename B = transport::PeerBook>
class VirtualNetwork final : public NetworkOf<M> {
 public:
  using Action = Network::Action;

  // The book outlives it.
  VirtualNetwork(B& book, const LinkModel& model, const NetworkOptions& options, C codec = C());
  ~VirtualNetwork() override;
  VirtualNetwork(const VirtualNetwork&) = delete;
  VirtualNetwork& operator=(const VirtualNetwork&) = delete;

  // ----- Network -----
  NodeNumber add_node(const NetworkNode& node) override;
  bool set_contact(NodeNumber node, transport::Peer contact) override;
  [[nodiscard]] NodeNumber node_of(transport::Peer contact) const override {
    return contacts_.find(contact);
  }
  [[nodiscard]] transport::Host<M>& host(NodeNumber node) override;
  void start(NodeNumber node, transport::Guest<M>& guest) override;
  void crash(NodeNumber node) override;
  void pause(NodeNumber node) override;
  void resume(NodeNumber node) override;
  [[nodiscard]] bool up(NodeNumber node) const override;
  [[nodiscard]] bool paused(NodeNumber node) const override;
  std::size_t add_rule(std::shared_ptr<const Rule> rule) override;
  void remove_rule(std::size_t number) override;
  [[nodiscard]] const Medium& medium() const override { return medium_; }
  [[nodiscard]] std::uint64_t packets_missed(NodeNumber node) const override;
  void connect(NodeNumber from, NodeNumber to) override;
  [[nodiscard]] Time now() const override { return now_; }
  void schedule(Time time, Action action) override;
  void look_at(Time time, Action look) override { looks_.add(time, std::move(look)); }
  [[nodiscard]] bool run_until(Time end) override;
  void observe(ObserverOf<M>& observer, Wants wants) override {
    log_.observe(observer, wants);
    if (has(wants, Wants::passage)) origins_.watch();
  }
  void forget(const ObserverOf<M>& observer) override { log_.forget(observer); }
  void note(EventKind kind, NodeNumber from, NodeNumber to, std::uint64_t content) override {
    log_.note(now_, kind, from, to, content);
  }
  void act_for(std::uint64_t cause) override { origins_.act_for(cause); }
  [[nodiscard]] const EventLog& log() const override { return log_; }
  [[nodiscard]] std::uint64_t bytes_sent(NodeNumber node) const override;
  [[nodiscard]] std::size_t pending(NodeNumber node) const override;
  // Everything that has not ended yet: messages, answers, handshakes.
  [[nodiscard]] std::size_t under_way() const;

 private:
  using Exchange = sim::Exchange<M>;
  class VirtualHost;
  enum class Tag : std::uint8_t {
    // For exchanges.
    arrive,
    hand_over,
    retry,      // a handshake's flight
    reset,      // a stateless reset for it has come
    keepalive,  // it is to leave
    give_up,
    resumed,  // its sender goes on after a pause
    // For other things.
    timer,
    action,
    connection,
    dial,
  };

  struct Node;  // sim/net/virtual_host.h

  struct Timer {
    transport::Token token = 0;
    NodeNumber node = kNoNode;
    std::uint32_t life = 0;
  };

  // The functions that hosts call.
  transport::RequestId request(NodeNumber from, transport::Peer to, M& message, Duration timeout,
                               transport::Token token);
  void send(NodeNumber from, transport::Peer to, M& message);
  void cancel(transport::RequestId request);
  void reply(transport::InboundId request, M& message);
  void refuse(transport::InboundId request);
  transport::TimerId set_timer(NodeNumber node, Duration delay, transport::Token token);
  void cancel_timer(transport::TimerId timer);
  void meet(NodeNumber from, const transport::Endpoint& endpoint, Duration patience,
            transport::Token token);
  [[nodiscard]] bool reached(transport::Peer contact) const;

  // Where nodes are, whatever their contacts say.
  struct Place {
    transport::Endpoint endpoint;
    NodeNumber node;
  };
  // The node that a message to the contact reaches; none where it cannot be dialled at the address
  // that it announces, and has not connected by itself.
  [[nodiscard]] NodeNumber reach(NodeNumber from, transport::Peer contact) const {
    const NodeNumber to = node_of(contact);
    return elsewhere_.empty() || to == kNoNode || reachable(from, to, contact) ? to : kNoNode;
  }
  [[nodiscard]] bool reachable(NodeNumber from, NodeNumber to, transport::Peer contact) const;
  [[nodiscard]] NodeNumber node_at(const transport::Endpoint& endpoint);
  [[nodiscard]] transport::Endpoint endpoint_of(NodeNumber node) const;
  [[nodiscard]] transport::Peer contact_met(NodeNumber node);

  // A message's way.
  // `patience`: until it is given up.
  std::uint32_t new_exchange(ExchangeState::Kind kind, NodeNumber from, NodeNumber to,
                             Duration patience);
  void begin(std::uint32_t slot);
  void wait_for_resume(std::uint32_t slot);
  void go_on(std::uint32_t slot);
  void dispatch(std::uint32_t slot);
  void submit(std::uint32_t slot);
  void transmit(std::uint32_t slot, unsigned copies = 1);
  void arrive(std::uint32_t slot);
  void hand_over(std::uint32_t slot);
  void hand_over_request(std::uint32_t slot, Node& node);
  // The answer, of so many bytes.
  void send_back(std::uint32_t slot, std::size_t size);
  void hand_over_reply(std::uint32_t slot);
  void tell_failure(std::uint32_t slot, transport::Failure failure);
  void note_failure(NodeNumber from, NodeNumber to, transport::Failure failure,
                    const Origin& origin) {
    log_.note(now_, EventKind::failure, from, to, static_cast<std::uint64_t>(failure), origin);
    origins_.go_on_with(origin);
  }
  // It has come for a node that is down.
  void miss(std::uint32_t slot, Node& node) {
    ++node.packets_missed;
    tell(slot, Passage::missed);
  }
  void hand_over_meeting(std::uint32_t slot, Node& node);
  void move_on(Time time, std::uint32_t slot, Tag tag);
  void ensure_outcome(std::uint32_t slot);
  void give_up(std::uint32_t slot);
  // The asker wants nothing more; the exchange ends, now or once its packet has arrived.
  void abandon(std::uint32_t slot);
  void strand(std::uint32_t slot);
  void dispatch_again(std::uint32_t slot);

  // The fates of packets.
  [[nodiscard]] Fate message_fate(const Exchange& exchange, unsigned copies);
  // The fate of so many bytes that leave now, in as many packets as they take.
  [[nodiscard]] Fate packet_fate(NodeNumber from, NodeNumber to, std::size_t bytes);

  // Connections.
  // The one that this end has with the node; kNoSlot: none.
  [[nodiscard]] std::uint32_t connection_of(LivingNode from, NodeNumber to) const;
  [[nodiscard]] std::uint32_t warm_connection(const Exchange& exchange);
  // Whether the connection on which it travels is still there; and one of this end.
  [[nodiscard]] bool travels_on_one(const Exchange& exchange) const {
    return exchange.connection != kNoSlot && is_on_its_connection(exchange);
  }
  [[nodiscard]] bool is_on_its_connection(const Exchange& exchange) const;
  [[nodiscard]] bool is_known(const Exchange& exchange, LivingNode end) const;
  [[nodiscard]] transport::Sender sender_of(const Exchange& exchange) const;
  [[nodiscard]] bool is_idle(std::uint32_t connection, unsigned side);
  void end_idle(std::uint32_t connection, unsigned side);
  [[nodiscard]] MessageList close_end(std::uint32_t connection, unsigned side, bool once_more);
  [[nodiscard]] MessageList end_connection(std::uint32_t connection);
  void meet_stranger(std::uint32_t slot);
  void take_reset(std::uint32_t slot);
  void miss_asker(std::uint32_t slot);
  void lose_packet(std::uint32_t connection, NodeNumber from, Time sent);
  // Whether a connection of this end has not ended unnoticed.
  [[nodiscard]] bool is_still_there(std::uint32_t connection, LivingNode from) {
    return !connections_[connection].is_silent(now_) || look_after(connection, from);
  }
  [[nodiscard]] bool look_after(std::uint32_t connection, LivingNode from);
  void go_on_asking(std::uint32_t connection, unsigned side, const KeptAlive& kept);
  [[nodiscard]] std::uint32_t new_keepalive(std::uint32_t connection, NodeNumber from);
  void keep_alive(NodeNumber gateway);
  void send_keepalive(std::uint32_t slot);
  [[nodiscard]] RoundTrip round_trip(const Connection& connection) const {
    return medium_.links().round_trip(connection.ends[0].node, connection.ends[1].node);
  }

  // Dialling.
  void wait_for_connection(std::uint32_t slot);
  void end_waiting(LivingNode from, NodeNumber to, bool dialled, bool second = false);
  void send_waiting(MessageList waiting, bool second);
  // Whether the connection, if it is one, is of these two.
  [[nodiscard]] bool is_of(std::uint32_t connection, LivingNode a, LivingNode b) const;
  void prefetch_dial(const Exchange& handshake) const;
  std::uint32_t dial_of(LivingNode from, NodeNumber to);
  void start_dial(std::uint32_t dial);
  void forget(std::uint32_t slot);
  void fail_dial(LivingNode from, NodeNumber to);
  void strand_what_is_late(Dial& dial);
  void set_dial_timer(std::uint32_t dial, Duration delay);
  void on_dial_due(std::uint32_t dial);
  void end_dial(std::uint32_t dial);
  void send_handshake(std::uint32_t slot);
  void lose_handshake(std::uint32_t slot);
  void retry_handshake(std::uint32_t slot);
  void answer_handshake(Exchange& handshake);
  void finish_handshake(std::uint32_t slot);
  [[nodiscard]] std::uint32_t establish(LivingNode from, LivingNode to, std::uint32_t known,
                                        MessageList& again);
  void doubt(const Exchange& exchange);
  [[nodiscard]] bool is_gateway_of(NodeNumber gateway, NodeNumber node) const;

  // Recovery.
  void lose(std::uint32_t slot);
  void heard(const Exchange& exchange) {
    if (exchange.connection != kNoSlot) heard_on_connection(exchange);
  }
  void heard_on_connection(const Exchange& exchange);
  void send_again(std::uint32_t slot, unsigned copies);
  void arm(std::uint32_t connection);
  void on_connection_due(std::uint32_t connection);
  void forget_what_is_lost(std::uint32_t connection, unsigned side);
  void take_acks(std::uint32_t connection, unsigned side);
  void probe(std::uint32_t connection, unsigned side);
  [[nodiscard]] bool confirms(const Recovery& recovery) const;
  [[nodiscard]] Duration probe_after(std::uint32_t connection, unsigned side);
  [[nodiscard]] Duration probed_delay(const Exchange& exchange) const;

  // More than may be under way.
  [[nodiscard]] bool waits_for_window(std::uint32_t slot);
  [[nodiscard]] bool keep_pace(std::uint32_t slot, const Fate& fate);
  void put_in_line(std::uint32_t slot);
  Window& open_window(std::uint32_t connection, unsigned side);
  void lose_parts(std::uint32_t slot, const Fate& fate);
  void close_window(std::uint32_t connection, unsigned side);
  void close_stream(const Exchange& exchange);
  void refuse(std::uint32_t slot);
  void send_on(std::uint32_t connection, unsigned side);
  void send_burst(std::uint32_t connection, unsigned side);
  [[nodiscard]] std::uint64_t fill_datagram(Window& window, std::vector<Window::Piece>& pieces);
  [[nodiscard]] bool is_given_up(const Exchange& exchange) const;
  [[nodiscard]] Time next_of(std::uint32_t connection, unsigned side);
  void take_flights(std::uint32_t connection, unsigned side);
  void take_back(Window& window, Window::Flight& flight, std::uint64_t most);
  void probe_flights(std::uint32_t connection, unsigned side);
  void unblock(std::uint32_t connection, unsigned side);
  void end_burst(std::uint32_t connection, unsigned side, Window::Burst& burst);
  void send_pieces(Window& window, const std::vector<Window::Piece>& pieces, const Fate& fate);

  // The loop of events.
  void push(Time time, std::uint32_t slot, Tag tag, std::uint32_t generation);
  void process(const Event& event);
  void fire(std::uint32_t slot);
  // All looks before `time`.
  void look_before(Time time);
  bool hold_if_paused(NodeNumber node, const Event& event) {
    return nodes_[node].paused && hold(nodes_[node], event);
  }
  bool hold(Node& holder, const Event& event);
  void prefetch();
  // Encodes and decodes; false where nothing came out.
  [[nodiscard]] bool recode(NodeNumber from, M& message);
  // Later events are for the cause of the exchange.
  void record(EventKind kind, std::uint32_t slot, const M& message);
  void tell(std::uint32_t slot, Passage passage) {
    if (log_.wants_passage()) tell_passage(slot, passage);
  }
  void tell_packet(std::uint32_t slot, const Fate& fate) {
    tell(slot, fate.stopped ? Passage::cut : fate.lost ? Passage::lost : Passage::sent);
  }
  void tell_passage(std::uint32_t slot, Passage passage);

  B* book_;
  C codec_;
  NetworkOptions options_;
  Medium medium_;
  Silences silences_;  // where connections are made
  ConnectionTable connections_;
  Dials dials_;
  HalfOpen half_open_;
  EventQueue queue_;
  Looks looks_;
  Time now_{};

  std::vector<Node> nodes_;
  std::vector<KeyedDraws<transport::kDraws>> draws_;  // of the nodes
  std::vector<Duration> activations_;                 // of the nodes
  std::uint32_t packets_ = 0;                         // sent on connections
  std::vector<NodeNumber> relayed_;                   // those behind gateways
  ContactIndex contacts_;
  std::map<NodeNumber, transport::Endpoint>
      elsewhere_;              // of nodes that are not where their contacts say
  std::vector<Place> places_;  // by endpoint, once somebody is to be met
  Slab<Exchange> exchanges_;
  // Those of the events to come, as `prefetch` met them: by the number of the event, the latest at
  // the present one.
  std::array<const Exchange*, 8> ahead_{};
  Slab<Timer> timers_;
  Slab<Action> actions_;

  EventLogOf<M, C> log_;
  Origins origins_;
};

}  // namespace macula::sim
