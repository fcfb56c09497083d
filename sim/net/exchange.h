// One message on its way, with its answer: the unit of traffic of the virtual network.
#pragma once

#include <cstdint>

#include "base/time.h"
#include "dht/transport.h"
#include "sim/net/link.h"

namespace macula::sim {

// Of no item of a slab.
inline constexpr std::uint32_t kNoSlot = 0xffffffff;

struct Exchange {
  // A meeting is answered by the host of whoever is at an endpoint; a guest waits for it. A
  // handshake and a keepalive carry nothing for the guests.
  enum class Kind : std::uint8_t { request, one_way, meeting, handshake, keepalive };

  enum class Stage : std::uint8_t {
    outbound,    // on its way, or waiting for a connection
    serving,     // handed over; the answer is awaited
    inbound,     // the answer is on its way
    confirming,  // of a handshake: its third flight is on its way
  };

  dht::Token token = 0;  // of a request: the guest's
  Time give_up{};  // of a request: when it times out, or was abandoned; else: when it waits no
                   // longer
  Time sent{};     // the last packet in the present direction
  NodeNumber from = kNoNode;  // who asked
  NodeNumber to = kNoNode;
  dht::ContactRef from_contact{};  // of `from`, as the receiver is told
  std::uint32_t from_life = 0;     // the lives (see Network) in which it was sent and handed over
  std::uint32_t to_life = 0;
  Kind kind = Kind::one_way;
  Stage stage = Stage::outbound;
  std::uint8_t attempts = 0;  // packets lost so far in the present direction
  bool outcome_due = false;   // an event at give_up is scheduled
  bool in_flight = false;     // an event moves it on, or whoever has it in a line
  bool refused = false;       // a message too large: the outcome is due at once
  bool declined = false;      // there is no answer: that is what travels back
  bool abandoned = false;     // the asker has its outcome, or wants none
  bool second = false;        // on the second of two connections whose handshakes have crossed
  std::uint32_t connection = kNoSlot;  // on which it travels; may have ended since
  std::uint32_t next = kNoSlot;        // in the line where it waits
  std::uint32_t unsent = 0;            // bytes of a message that goes in several round trips
  dht::wire::Message message;          // of the present direction
};

// Whether it carries a message from guest to guest.
[[nodiscard]] inline bool is_for_guest(const Exchange& exchange) {
  return exchange.kind <= Exchange::Kind::one_way;
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
