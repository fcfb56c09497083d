// Proof that a client receives at the address it sends from: Retry (RFC 9000, section 8.1.2).
//
//   auto datagram = validation.retry(initial, remote, now);     // instead of an answer
//   auto token = validation.check(initial, remote, now);        // of the Initial that comes back
//
// The token is sealed with the static secret and holds the client's address, the connection ids of
// the first try, and the time: nothing is kept here between the two.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "dht/quic/engine/ngtcp2_api.h"

namespace macula::dht::quic {

class RandomSource;

class AddressValidation {
 public:
  AddressValidation(std::string_view secret, RandomSource& random)
      : secret_(secret), random_(random) {}

  enum class Verdict : std::uint8_t { absent, valid, invalid };
  struct Check {
    Verdict verdict = Verdict::absent;
    ngtcp2_cid original{};  // the id that the client chose first; of valid ones
  };
  [[nodiscard]] Check check(const ngtcp2_pkt_hd& initial, const dht::Endpoint& remote,
                            Time now) const;

  // The Retry datagram; empty where none can be made.
  [[nodiscard]] std::string retry(const ngtcp2_pkt_hd& initial, const dht::Endpoint& remote,
                                  Time now);
  // The answer to a bad token: a close, without any state here.
  [[nodiscard]] static std::string refuse(const ngtcp2_pkt_hd& initial);

 private:
  std::string_view secret_;
  RandomSource& random_;
};

}  // namespace macula::dht::quic
