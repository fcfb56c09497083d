#include "sim/net/recovery.h"

#include <algorithm>

namespace macula::sim {
namespace {

// Samples after which nothing is left of where the deviation started.
constexpr unsigned kManySamples = 40;

}  // namespace

void Recovery::look_again(const Ack& ack) {
  for (Ack& known : acks) {
    if (known.packet != ack.packet || known.second != ack.second) continue;
    known.at = std::min(known.at, ack.at);
    return;
  }
  acks.push_back(ack);
}

Duration probe_timeout(const RoundTrip& round_trip, unsigned samples) {
  Duration off = round_trip.mean / 2 - round_trip.deviation;
  for (unsigned i = 0; i < std::min(samples, kManySamples); ++i) off = off * 3 / 4;
  return round_trip.mean + std::max(4 * (round_trip.deviation + off), quic_model::kGranularity) +
         quic_model::kMaxAckDelay;
}

}  // namespace macula::sim
