// The recovery of lost packets at one end of a connection (RFC 9002, section 6).
//
// A packet that the peer acknowledges shows which earlier ones were lost: those are sent again.
// Where nothing later is acknowledged a probe timer sends two packets, and doubles each time. Any
// later packet puts the timer off.
#pragma once

#include <cstdint>
#include <vector>

#include "base/time.h"
#include "sim/net/link.h"
#include "sim/net/message_list.h"
#include "sim/net/quic_model.h"

namespace macula::sim {

struct Recovery {
  // Which packet left before which, those of one instant too.
  struct Place {
    Time sent;
    std::uint32_t number;

    // No <=>: times have none in libc++ 14.
    friend bool operator==(const Place&, const Place&) = default;
    friend bool operator<(const Place& a, const Place& b) {
      return a.sent != b.sent ? a.sent < b.sent : a.number < b.number;
    }
  };

  // The peer says at `at` that it has a packet.
  struct Ack {
    Time at;
    Place packet;
    bool second;  // on the second of two connections: says nothing of the other
  };

  MessageList lost;       // in the order in which they were sent
  std::vector<Ack> acks;  // on their way, while something is lost
  Time last_sent{};       // what the timer runs from
  Time quiet = kTimeMax;  // since when nothing was heard though something was sent
  unsigned probes = 0;    // sent since something was acknowledged

  // Something is lost, and nothing was heard since.
  [[nodiscard]] bool is_unheard() const { return quiet != kTimeMax && !lost.empty(); }
  // An acknowledgement to be looked at again at its time: of each at most once, at the earliest.
  void look_again(const Ack& ack);
};

// A lost packet is known to be lost when a later one is acknowledged, and it is this old.
[[nodiscard]] inline Duration loss_delay(const RoundTrip& round_trip) {
  return round_trip.mean + round_trip.mean / quic_model::kReorderPart;
}

// Smoothed round trip + 4 deviations + max_ack_delay (RFC 9002, 6.2.1). The deviation starts at
// half a round trip, and with each sample three quarters of what it is off remain.
[[nodiscard]] Duration probe_timeout(const RoundTrip& round_trip, unsigned samples);

}  // namespace macula::sim
