// Answers to packets of connections that this end does not know: stateless reset (RFC 9000, section
// 10.3) and version negotiation (section 6).
//
// After a restart the peers of the former life find out at once, since the token in a reset follows
// from the static secret and the connection id. Always smaller than what it answers, so that two
// ends cannot answer each other for ever, and at a bounded rate.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.h"
#include "dht/quic/engine/ngtcp2_api.h"

namespace macula::dht::quic {

class RandomSource;

class StatelessReset {
 public:
  static constexpr std::uint64_t kPerSecond = 200;

  StatelessReset(std::string_view secret, RandomSource& random)
      : secret_(secret), random_(random) {}

  // The token that belongs to one of our ids.
  [[nodiscard]] ResetToken token(const ngtcp2_cid& cid) const { return reset_token(secret_, cid); }

  // The answer to a packet with an unknown id; empty where there must be none.
  [[nodiscard]] std::string answer(std::string_view packet, Time now);

 private:
  bool may_answer(Time now);

  std::string_view secret_;
  RandomSource& random_;
  Time second_ = kTimeZero;  // resets are counted from here
  std::uint64_t sent_ = 0;
};

// The answer to a version that is not ours.
[[nodiscard]] std::string version_negotiation(const ngtcp2_version_cid& packet,
                                              RandomSource& random);

}  // namespace macula::dht::quic
