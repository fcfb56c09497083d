// dht::Host over QUIC, without sockets and clocks.
//
//   QuicHost host(book, self, credentials, config, random);
//   host.start(guest);                               // then the guest may be used
//   host.receive(remote, datagram, now);             // as they come
//   host.advance(now);                               // at next_expiry(), or sooner
//   host.flush(now, sink);                           // after any of these, and of the guest's
//
// Keeps the promises of dht/transport.h. One connection a peer, dialled when first needed and kept
// while it is used; each request has a bidirectional stream of its own, each one-way message too.
// If two peers dial each other at once, the connection of the lower id stays. A peer that cannot be
// reached is dialled again with growing, jittered pauses; its messages wait until their own time is
// up. The guest is called from receive() and advance() only. Before the guest is used from outside,
// advance() tells it the time.
//
// On the wire a message is a request if it wants an answer (wire::wants_answer), else one-way.
// A message to this end itself goes nowhere: it is silence.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "dht/contact/contact_book.h"
#include "dht/quic/engine/engine.h"
#include "dht/transport.h"

namespace macula::dht::quic {

struct HostConfig {
  EngineConfig engine;
  bool unbound = false;             // peers may claim any id: for replaying published ids only
  bool client = false;              // announces the capability `client`: enters nobody's table
  NodeId realm;                     // in CONNECT
  std::size_t pool = 1024;          // connections kept; beyond it the least used, idle one goes
  std::size_t max_pending = 65536;  // requests and messages not yet ended; more are refused
  // Requests of others not yet answered: no connection has more than it leaves for others. And of
  // them, on one stream.
  std::size_t max_inbound = 65536;
  std::size_t max_inbound_per_stream = 256;
  std::size_t max_queued_per_peer = std::size_t{4} << 20;  // bytes; more are refused
  // The bytes for all peers: none is owed more than is left for others, but for its first 256 KiB.
  std::size_t max_queued = std::size_t{64} << 20;
  std::size_t max_partial = std::size_t{64} << 20;     // bytes of frames not yet whole; all peers
  Duration frame_patience = std::chrono::seconds(60);  // for a frame to become whole
  std::size_t max_per_key = 8;  // connections that others have made; then the least used goes
  Duration first_backoff = std::chrono::milliseconds(250);  // before a second dial; doubles
  Duration longest_backoff = std::chrono::seconds(30);
  Duration one_way_patience = std::chrono::seconds(30);  // then a one-way message is dropped
};

// A peer was not who its contact says, or claimed an id that is not its own.
struct IdentityRefused {
  dht::Endpoint remote;
  NodeId expected;
  std::string reason;
};

class QuicHost final : public dht::Host {
 public:
  // `self`: what CONNECT says of this end. References must outlive the host.
  QuicHost(ContactBook& book, ContactRef self, const Credentials& credentials,
           const HostConfig& config, RandomSource& random, Time now);
  ~QuicHost();
  QuicHost(const QuicHost&) = delete;
  QuicHost& operator=(const QuicHost&) = delete;

  void start(dht::Guest& guest);
  // Told of peers refused for their identity.
  void on_identity_refused(std::function<void(const IdentityRefused&)> listener);

  // Connects to whoever listens at `endpoint`, whose id is not known yet. Told once, from receive()
  // or advance(): its contact at that endpoint, whatever it announces, or nothing when `patience`
  // is over or the host closes.
  using Met = std::function<void(std::optional<ContactRef>)>;
  void meet(const dht::Endpoint& endpoint, Duration patience, Met met);

  // ----- driving -----
  // `local`: which of this end's addresses it was sent to, where there are several.
  void receive(const dht::Endpoint& remote, std::string_view datagram, Time now,
               const LocalAddress& local = {});
  [[nodiscard]] Time next_expiry() const;
  void advance(Time now);
  void flush(Time now, DatagramSink& sink);
  // There is more to say than acknowledgements: the peer may wait for it.
  [[nodiscard]] bool has_written() const;
  // Orderly end: no new requests either way (pending ones fail as `cancelled`); answers and
  // messages already accepted are delivered, then connections close. Done when closed() is true, at
  // most `patience` later.
  void close(Time now, Duration patience);
  [[nodiscard]] bool closed() const;

  // ----- dht::Host -----
  [[nodiscard]] Time now() const override;
  [[nodiscard]] std::uint64_t random(dht::Draw what) override;
  dht::TimerId set_timer(Duration delay, dht::Token token) override;
  void cancel_timer(dht::TimerId timer) override;
  void send(ContactRef to, wire::Message&& message) override;
  dht::RequestId request(ContactRef to, wire::Message&& message, Duration timeout,
                         dht::Token token) override;
  void cancel(dht::RequestId request) override;
  void reply(dht::InboundId request, wire::Message&& message) override;
  void refuse(dht::InboundId request) override;
  void meet(const dht::Endpoint& endpoint, Duration patience, dht::Token token) override;
  [[nodiscard]] bool reached(ContactRef contact) const override;

  struct Counters {
    std::uint64_t frames_in = 0;
    std::uint64_t frames_out = 0;
    std::uint64_t refused_frames = 0;  // bad frame, payload, or message out of place
    std::uint64_t refused_identity = 0;
    std::uint64_t refused_full = 0;      // own messages, or streams of others, beyond a limit
    std::uint64_t refused_requests = 0;  // of others: beyond a limit, or none that is answered
    std::uint64_t late_frames = 0;       // not whole in time
    std::uint64_t dials = 0;
    std::uint64_t private_withheld = 0;  // dials of a public node to private addresses
    std::uint64_t evicted = 0;
    std::uint64_t duplicates = 0;  // second connections to one peer, closed
  };
  [[nodiscard]] const Counters& counters() const;
  [[nodiscard]] const Engine& engine() const;
  [[nodiscard]] std::size_t unanswered() const;        // requests of others
  [[nodiscard]] std::size_t unfinished_bytes() const;  // of frames not yet whole
  [[nodiscard]] std::size_t pending() const;           // requests and messages not yet ended
  // All contacts that it has in hand, and the tokens of its guest's requests under way, which may
  // stand for others. Not from inside a call of the host.
  void keep_contacts(ContactMarks& marks, const std::function<void(dht::Token)>& visit) const;

  void check_invariants() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace macula::dht::quic
