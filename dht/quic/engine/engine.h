// QUIC endpoint without sockets and clocks: datagrams and time in, datagrams and events out.
//
//   Engine engine(config, credentials, random, events);
//   ConnectionId peer = engine.dial(remote, expected_id, now);
//   StreamId stream = *engine.open_stream(peer);
//   engine.write(peer, stream, "bytes", /*fin=*/true);
//   engine.flush(now, sink);                        // datagrams go to the sink
//   engine.receive(remote, datagram, now);          // events are told from inside
//   if (engine.next_expiry() <= now) engine.on_expiry(now);
//
// Calls only queue: nothing is sent before flush(). So every call is allowed from inside an event,
// except receive, on_expiry and flush. Events are told from inside receive() and on_expiry() only:
// what happens in other calls, such as the end of a connection by close(), makes on_expiry() due at
// once. Time never runs back. One engine is one local address; it dials and listens from it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "dht/contact/endpoint.h"
#include "dht/contact/node_id.h"

namespace macula::dht::quic {

class Credentials;   // dht/quic/engine/credentials.h: key and certificate of this end
class RandomSource;  // dht/quic/engine/random_source.h: bytes that nobody can guess

enum class ConnectionId : std::uint64_t {};  // never used twice by one engine
using StreamId = std::int64_t;

// Why a connection ended.
enum class CloseCause : std::uint8_t {
  local,              // by close()
  peer,               // by the peer, with code and reason
  idle,               // nothing was heard for the idle timeout
  handshake_timeout,  // the handshake did not end in time
  identity,           // the peer is not who was expected, or has no valid identity
  tls,                // the handshake failed otherwise: code is the TLS alert
  reset,              // stateless reset: the peer has restarted
  version,            // no common version
  protocol,           // one end broke the rules of QUIC
  evicted,            // by this end: too many connections
};

struct Closed {
  CloseCause cause = CloseCause::local;
  std::uint64_t code = 0;
  std::string reason;
};

// A connection is up: both ends have proven their identities.
struct Connected {
  NodeId peer;           // SHA-256 of the peer's public key (SPKI)
  dht::Endpoint remote;  // where its datagrams come from
  bool dialled = false;  // by this end
};

class EngineEvents {
 public:
  // For a dialled connection once the peer has confirmed the handshake, so that a refused dial is
  // never reported as up. Streams may be opened and written before; they travel as soon as TLS
  // allows.
  virtual void on_connected(ConnectionId connection, const Connected& connected) = 0;
  // Exactly once for each connection that was dialled or reported as connected; nothing follows.
  virtual void on_closed(ConnectionId connection, const Closed& closed) = 0;
  // The next bytes of a stream, in order. `bytes` is valid during the call. `fin`: these are the
  // last. The peer may send more only as `consume` allows.
  virtual void on_stream_data(ConnectionId connection, StreamId stream, std::string_view bytes,
                              bool fin) = 0;
  // The stream is gone: both directions ended and acknowledged, or the peer broke it off
  // (`broken`). Not told of streams that this end has abandoned.
  virtual void on_stream_closed(ConnectionId connection, StreamId stream, bool broken) = 0;

 protected:
  ~EngineEvents() = default;
};

// One of this end's own addresses: the one that a datagram was sent to, or is to leave from. All
// zero: whichever the system chooses. An end that listens on every address of its machine has to
// answer from the one that was asked: its peers know no other.
struct LocalAddress {
  std::array<std::uint8_t, 16> address{};  // IPv4 in its mapped form, as in dht::Endpoint

  friend bool operator==(const LocalAddress& a, const LocalAddress& b) {
    return a.address == b.address;
  }
};

class DatagramSink {
 public:
  virtual void send(const dht::Endpoint& remote, std::string_view datagram) = 0;
  // Engines call this one. Sinks with one address of their own need not look at it.
  virtual void send_from(const LocalAddress& /*local*/, const dht::Endpoint& remote,
                         std::string_view datagram) {
    send(remote, datagram);
  }

 protected:
  ~DatagramSink() = default;
};

// Limits and times. Windows are not below 256 KiB a stream and 1 MiB a connection, and never grow
// by themselves: ngtcp2 0.12.1 closes connections for no reason otherwise.
struct EngineConfig {
  std::string alpn = "macula";
  Duration idle_timeout = std::chrono::seconds(60);
  // The code for a peer that was asked in vain: it may hear this end, though it is not heard.
  std::uint64_t idle_code = 0;
  Duration keepalive = std::chrono::seconds(20);  // 0: none
  Duration handshake_timeout = std::chrono::seconds(10);
  Duration initial_rtt = std::chrono::milliseconds(100);
  std::uint64_t stream_window = std::uint64_t{256} << 10;
  std::uint64_t connection_window = std::uint64_t{1} << 20;
  // That the peer may have open at once. It learns of ended ones an eighth of these at a time.
  std::uint64_t max_streams = 1024;
  // All states; dials beyond it fail. A quarter is kept for them.
  std::size_t max_connections = 4096;
  std::size_t max_memory = std::size_t{256} << 20;  // bytes of ngtcp2's (connection_memory.h)
  std::size_t retry_above = 64;                     // half-open inbound ones: then Retry
  // Then the oldest goes, of the address that has most of them.
  std::size_t max_half_open = 512;
  // Initials to an endpoint that others have named and that has never answered, and to all such
  // endpoints (initial_budget.h).
  std::size_t initials_unanswered = 3;
  std::size_t all_initials_unanswered = 1024;
  Duration initials_window = std::chrono::seconds(30);
  // Key of stateless resets and Retry tokens, 32 bytes. Kept over restarts, so that peers of the
  // former life can be told that it ended. Empty: drawn anew.
  std::string static_secret;
};

class Engine {
 public:
  // References must outlive the engine.
  Engine(const EngineConfig& config, const Credentials& credentials, RandomSource& random,
         EngineEvents& events);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Starts a handshake. With `expected` any other identity is refused (CloseCause::identity).
  // Nothing where there are max_connections. `named_by_others`: nobody whom this end trusts says
  // that a node listens there; nothing, too, before dial_allowed_from().
  [[nodiscard]] std::optional<ConnectionId> dial(const dht::Endpoint& remote,
                                                 const std::optional<NodeId>& expected, Time now,
                                                 bool named_by_others = false);
  // When an endpoint that others have named may be dialled: now, or later, where too much was sent
  // there in vain.
  [[nodiscard]] Time dial_allowed_from(const dht::Endpoint& remote, Time now);
  // A bidirectional stream. Beyond what the peer allows it waits in line and is opened when the
  // peer allows more. Nothing where the connection has ended.
  [[nodiscard]] std::optional<StreamId> open_stream(ConnectionId connection);
  // Queues bytes, and with `fin` the end of this direction. No effect on what has ended.
  void write(ConnectionId connection, StreamId stream, std::string bytes, bool fin);
  // `bytes` of the stream have been used: the peer may send as many more.
  void consume(ConnectionId connection, StreamId stream, std::size_t bytes);
  // Gives a stream up: nothing more is sent, and what still comes is dropped and credited. No event
  // of the stream follows.
  // ngtcp2 0.12.1 swallows a reset that comes before the first data of a stream. A stream of which
  // the peer has acknowledged nothing is ended by fin instead: empty where nothing was written yet,
  // else with all that was queued.
  void abandon(ConnectionId connection, StreamId stream, std::uint64_t code);
  // Ends a connection at once. Queued data are lost; see quiet().
  void close(ConnectionId connection, std::uint64_t code, std::string_view reason);

  // Everything queued has been sent and acknowledged.
  [[nodiscard]] bool quiet(ConnectionId connection) const;
  // Bytes queued and not yet acknowledged.
  [[nodiscard]] std::size_t queued(ConnectionId connection) const;
  [[nodiscard]] std::size_t queued() const;  // of all connections
  // Bytes that ngtcp2 holds for all connections (connection_memory.h).
  [[nodiscard]] std::size_t memory() const;
  // Everything written to the stream so far was acknowledged, its end included where it was ended:
  // the peer has it. Answers inside on_closed too. False for a stream that is not known any more.
  [[nodiscard]] bool delivered(ConnectionId connection, StreamId stream) const;
  // Smoothed round trip; nothing before the first sample.
  [[nodiscard]] std::optional<Duration> round_trip(ConnectionId connection) const;

  // `local`: where it was sent to. The answer leaves from there.
  void receive(const dht::Endpoint& remote, std::string_view datagram, Time now,
               const LocalAddress& local = {});
  // When on_expiry() is due; kTimeMax: never. Changes with every call; exact after flush().
  [[nodiscard]] Time next_expiry() const;
  void on_expiry(Time now);
  // Writes what is due. Never more than the peer and the path allow; the rest follows.
  void flush(Time now, DatagramSink& sink);
  // Something was written to a stream since the last flush(): the peer may wait for it.
  [[nodiscard]] bool has_written() const;

  // Counts of the datagrams that came in and were refused, and of the engine's reactions.
  struct Counters {
    std::uint64_t datagrams_in = 0;
    std::uint64_t datagrams_out = 0;
    std::uint64_t bytes_in = 0;
    std::uint64_t bytes_out = 0;
    std::uint64_t handshakes = 0;  // completed
    std::uint64_t malformed = 0;   // datagrams that are no QUIC, or for nobody
    std::uint64_t retries_sent = 0;
    std::uint64_t resets_sent = 0;
    std::uint64_t versions_sent = 0;   // version negotiations
    std::uint64_t refused_tokens = 0;  // bad tokens of a Retry
    std::uint64_t refused_full = 0;    // new connections beyond a limit
    std::uint64_t refused_identity = 0;
    std::uint64_t initials_withheld = 0;  // from endpoints that never answered
  };
  [[nodiscard]] const Counters& counters() const;
  [[nodiscard]] std::size_t connections() const;                     // in any state
  [[nodiscard]] std::size_t half_open() const;                       // inbound, handshake not done
  [[nodiscard]] std::size_t streams(ConnectionId connection) const;  // not yet gone

  void check_invariants() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace macula::dht::quic
