// One message on its way, with its answer: the unit of traffic of the virtual network.
//
// Where it is and what is to become of it (ExchangeState) is the same whatever it carries.
#pragma once

#include <cstdint>

#include "base/time.h"
#include "sim/net/link.h"
#include "transport/host.h"
#include "transport/peer.h"

namespace macula::sim {

// The slot of no item of a slab.
inline constexpr std::uint32_t kNoSlot = 0xffffffff;

struct ExchangeState {
  // A meeting is answered by the host of whoever is at an endpoint; a guest waits for it. A
  // handshake and a keepalive carry nothing for the guests.
  enum class Kind : std::uint8_t { request, one_way, meeting, handshake, keepalive };

  enum class Stage : std::uint8_t {
    outbound,    // on its way, or waiting for a connection
    serving,     // handed over; the answer is awaited
    inbound,     // the answer is on its way
    confirming,  // of a handshake: its third flight is on its way
  };

  // For a handshake: whether its client has shown that it receives at its address.
  enum class AddressProof : std::uint8_t {
    none,   // was not asked to
    asked,  // the server's Retry is on its way
    shown,  // each first flight brings what that said
  };

  transport::Token token = 0;  // of a request: the guest's
  Time give_up{};  // of a request: when it times out, or was abandoned; else: when it waits no
                   // longer
  Time sent{};     // the last packet in the present direction
  NodeNumber from = kNoNode;  // who asked
  NodeNumber to = kNoNode;
  transport::Peer from_contact{};  // of `from`, as the receiver is told
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
  AddressProof proof = AddressProof::none;
  std::uint32_t connection = kNoSlot;  // on which it travels; may have ended since
  std::uint32_t next = kNoSlot;        // in the line where it waits
  std::uint32_t number = 0;            // of its last packet, in the order of all on connections
  std::uint32_t unsent = 0;            // bytes of a message that goes in several round trips
  std::uint32_t missing = 0;           // of it, which were lost and are not known to be
  Time whole{};                        // when all is there that has left and is not lost
};

template <typename M>
struct Exchange : ExchangeState {
  M message;  // of the present direction
};

// Whether it carries a message from guest to guest.
[[nodiscard]] inline bool is_for_guest(const ExchangeState& exchange) {
  return exchange.kind <= ExchangeState::Kind::one_way;
}
// Whether its packet in the present direction carries a message.
[[nodiscard]] inline bool carries_message(const ExchangeState& exchange) {
  if (exchange.kind == ExchangeState::Kind::meeting) {
    return exchange.stage == ExchangeState::Stage::outbound;
  }
  return is_for_guest(exchange) && !exchange.declined;
}
// Whether a guest waits for its outcome.
[[nodiscard]] inline bool is_awaited(const ExchangeState& exchange) {
  return exchange.kind == ExchangeState::Kind::request ||
         exchange.kind == ExchangeState::Kind::meeting;
}
// The ends of the packet in the present direction.
[[nodiscard]] inline NodeNumber sender(const ExchangeState& exchange) {
  return exchange.stage == ExchangeState::Stage::inbound ? exchange.to : exchange.from;
}
[[nodiscard]] inline NodeNumber receiver(const ExchangeState& exchange) {
  return exchange.stage == ExchangeState::Stage::inbound ? exchange.from : exchange.to;
}

}  // namespace macula::sim
