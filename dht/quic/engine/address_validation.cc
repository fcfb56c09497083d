#include "dht/quic/engine/address_validation.h"

#include "dht/quic/engine/random_source.h"

namespace macula::dht::quic {

namespace {

// A client answers a Retry at once: this is a generous round trip.
constexpr Duration kTokenLife = std::chrono::seconds(10);

}  // namespace

AddressValidation::Check AddressValidation::check(const ngtcp2_pkt_hd& initial,
                                                  const dht::Endpoint& remote, Time now) const {
  Check check;
  // Other tokens were never issued here: as good as none (RFC 9000, section 8.1.3).
  if (initial.token.len == 0 || initial.token.base[0] != NGTCP2_CRYPTO_TOKEN_MAGIC_RETRY) {
    return check;
  }
  const Path path(remote);
  const int result = ngtcp2_crypto_verify_retry_token(
      &check.original, initial.token.base, initial.token.len, bytes_of(secret_), secret_.size(),
      initial.version, path.remote(), Path::remote_bytes(), &initial.dcid, duration(kTokenLife),
      timestamp(now));
  check.verdict = result == 0 ? Verdict::valid : Verdict::invalid;
  return check;
}

std::string AddressValidation::retry(const ngtcp2_pkt_hd& initial, const dht::Endpoint& remote,
                                     Time now) {
  ngtcp2_cid fresh;
  fresh.datalen = kCidBytes;
  // Another one than the client chose (RFC 9000, section 17.2.5.1): ngtcp2 ends the program
  // otherwise, and a random source that can be foretold lets a client choose it.
  do random_.fill(fresh.data, fresh.datalen);
  while (ngtcp2_cid_eq(&fresh, &initial.dcid) != 0);
  const Path path(remote);
  std::array<std::uint8_t, NGTCP2_CRYPTO_MAX_RETRY_TOKENLEN> token;
  const ngtcp2_ssize token_size = ngtcp2_crypto_generate_retry_token(
      token.data(), bytes_of(secret_), secret_.size(), initial.version, path.remote(),
      Path::remote_bytes(), &fresh, &initial.dcid, timestamp(now));
  if (token_size < 0) return {};
  std::array<std::uint8_t, kDatagramBytes> packet;
  const ngtcp2_ssize size = ngtcp2_crypto_write_retry(
      packet.data(), packet.size(), initial.version, &initial.scid, &fresh, &initial.dcid,
      token.data(), static_cast<std::size_t>(token_size));
  if (size <= 0) return {};
  return std::string(text_of(packet.data(), static_cast<std::size_t>(size)));
}

std::string AddressValidation::refuse(const ngtcp2_pkt_hd& initial) {
  std::array<std::uint8_t, kDatagramBytes> packet;
  const ngtcp2_ssize size = ngtcp2_crypto_write_connection_close(
      packet.data(), packet.size(), initial.version, &initial.scid, &initial.dcid,
      NGTCP2_INVALID_TOKEN, nullptr, 0);
  if (size <= 0) return {};
  return std::string(text_of(packet.data(), static_cast<std::size_t>(size)));
}

}  // namespace macula::dht::quic
