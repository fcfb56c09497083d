// The state that the parts of one QUIC host share: engine, book, configuration, time, timers,
// counters.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "dht/quic/engine/random_source.h"
#include "dht/quic/host/quic_host.h"
#include "dht/quic/host/timer_queue.h"

namespace macula::dht::quic::host {

// The event when a timer is due.
struct Due {
  enum class Kind : std::uint8_t {
    guest,     // the guest's own: `value` is its token
    outbound,  // an outbound message has waited long enough: `value` is its handle
    peer,      // a pause between two dials is over: `value` is the peer's handle
    frames,    // some frame is still not whole
    given_up,  // nobody waits for the answer to a request: `value` is what the guest was told
    meeting,   // somebody was not met in time: `value` is the meeting's handle
  };
  Kind kind = Kind::guest;
  std::uint64_t value = 0;
};

// Application error codes of CONNECTION_CLOSE and RESET_STREAM. After the first three nothing that
// was not acknowledged has been handed over: it may be sent again.
enum class Code : std::uint64_t {
  bye = 0,        // this end is closing
  evicted = 1,    // too many connections, and this one was idle
  duplicate = 2,  // there is another connection to the same peer
  replaced = 3,   // the peer has a new life
  identity = 4,   // a CONNECT that claims what is not so
  refused = 5,    // a stream: a bad frame, or beyond a limit
  given_up = 6,   // a stream: the asker waits no longer
  crowded = 7,    // others need the room, whatever is under way
  unheard = 8,    // nothing was heard from the peer for the idle timeout
};

// The bytes allowed to each peer, whatever is held of others.
inline constexpr std::size_t kFirstBytes = std::size_t{256} << 10;

struct Core {
  ContactBook& book;
  const ContactRef self;
  const HostConfig& config;
  RandomSource& random;
  const std::string life;  // drawn anew by each host: a peer that has another one has restarted
  Time now;

  Engine* engine = nullptr;
  Guest* guest = nullptr;
  bool closing = false;
  Time close_by = kTimeMax;
  std::size_t partial = 0;  // bytes of frames not yet whole
  std::size_t waiting = 0;  // bytes of messages that wait for a connection
  TimerQueue<Due> timers{};
  QuicHost::Counters counters{};
  std::function<void(const IdentityRefused&)> on_identity_refused{};

  // The bytes that one peer may be owed now.
  [[nodiscard]] std::size_t most_queued() const {
    const std::size_t all = engine->queued() + waiting;
    const std::size_t left = config.max_queued - std::min(config.max_queued, all);
    return std::min(config.max_queued_per_peer, std::max(kFirstBytes, left));
  }

  [[nodiscard]] std::uint64_t draw() {
    std::uint8_t bytes[8];
    random.fill(bytes, sizeof(bytes));
    std::uint64_t word = 0;
    for (const std::uint8_t byte : bytes) word = word << 8 | byte;
    return word;
  }
};

}  // namespace macula::dht::quic::host
