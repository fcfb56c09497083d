// One message on its way, with its answer: the unit of traffic of the virtual network.
#pragma once

#include <cstdint>

#include "base/time.h"
#include "dht/transport.h"
#include "sim/net/link.h"

namespace macula::sim {

struct Exchange {
  // A meeting is a handshake that a guest waits for, with whoever is at an endpoint.
  enum class Kind : std::uint8_t { request, one_way, handshake, meeting };

  enum class Stage : std::uint8_t {
    outbound,  // on its way, or waiting for a connection
    serving,   // handed over; the answer is awaited
    inbound,   // the answer is on its way
  };

  dht::Token token = 0;       // of a request: the guest's
  Time give_up{};             // of a request: when it times out; else: when sending again ends
  NodeNumber from = kNoNode;  // who asked
  NodeNumber to = kNoNode;
  dht::ContactRef from_contact{};  // of `from`, as the receiver is told
  std::uint32_t from_life = 0;     // the lives (see Network) in which it was sent and handed over
  std::uint32_t to_life = 0;
  Kind kind = Kind::one_way;
  Stage stage = Stage::outbound;
  std::uint8_t attempts = 0;   // packets lost so far in the present direction
  bool outcome_due = false;    // an event at give_up is scheduled
  bool in_flight = false;      // an event that moves it on is scheduled
  bool refused = false;        // a message too large: the outcome is due at once
  bool abandoned = false;      // the asker has its outcome, or wants none
  dht::wire::Message message;  // of the present direction
};

// Whether it carries no message, but makes a connection.
[[nodiscard]] inline bool is_handshake(const Exchange& exchange) {
  return exchange.kind == Exchange::Kind::handshake || exchange.kind == Exchange::Kind::meeting;
}
// Whether a guest waits for its outcome.
[[nodiscard]] inline bool is_awaited(const Exchange& exchange) {
  return exchange.kind == Exchange::Kind::request || exchange.kind == Exchange::Kind::meeting;
}
// Of the packet in the present direction.
[[nodiscard]] inline NodeNumber sender(const Exchange& exchange) {
  return exchange.stage == Exchange::Stage::inbound ? exchange.to : exchange.from;
}
[[nodiscard]] inline NodeNumber receiver(const Exchange& exchange) {
  return exchange.stage == Exchange::Stage::inbound ? exchange.from : exchange.to;
}

}  // namespace macula::sim
