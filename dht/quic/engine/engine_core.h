// The state that the connections of one engine share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "base/timer_heap.h"
#include "dht/quic/engine/connection_memory.h"
#include "dht/quic/engine/connection_table.h"
#include "dht/quic/engine/engine.h"
#include "dht/quic/engine/half_open.h"
#include "dht/quic/engine/initial_budget.h"
#include "dht/quic/engine/stateless_reset.h"

namespace macula::dht::quic {

class Connection;

// When a connection wants to be woken.
struct ExpiryTimer {
  Connection* connection = nullptr;
  std::uint64_t number = 0;  // of the connection
  Time time = kTimeMax;
  std::size_t place = 0;  // in the heap
};

struct EngineCore {
  EngineCore(const EngineConfig& config_of, const Credentials& credentials, RandomSource& random,
             EngineEvents& events);
  EngineCore(const EngineCore&) = delete;
  EngineCore& operator=(const EngineCore&) = delete;

  void send(DatagramSink& sink, const LocalAddress& local, const dht::Endpoint& remote,
            std::string_view datagram) {
    ++counters.datagrams_out;
    counters.bytes_out += datagram.size();
    sink.send_from(local, remote, datagram);
  }

  const EngineConfig config;
  const Credentials& credentials;
  RandomSource& random;
  EngineEvents& events;
  ConnectionTable table;
  StatelessReset resets;
  TimerHeap<ExpiryTimer> timers;
  Engine::Counters counters;
  HalfOpen half_open;
  InitialBudget initials;
  MemoryBudget memory;             // of ngtcp2
  std::size_t queued = 0;          // bytes not acknowledged, of all connections
  std::vector<Connection*> dirty;  // have something to write, or to tidy up, in this order
  std::vector<std::pair<ConnectionId, Closed>> ended;  // and not yet told
  bool written = false;                                // to a stream, since the last flush
  bool telling = false;  // inside receive() or on_expiry(): events may be told
};

}  // namespace macula::dht::quic
