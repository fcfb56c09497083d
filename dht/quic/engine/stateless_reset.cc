#include "dht/quic/engine/stateless_reset.h"

#include <algorithm>
#include <array>

#include "dht/quic/engine/random_source.h"

namespace macula::dht::quic {

namespace {

// RFC 9000, section 10.3: below this no packet of ours, and no reset, is that short.
constexpr std::size_t kLeastPacket = 1 + NGTCP2_MIN_STATELESS_RESET_RANDLEN + kTokenBytes;
constexpr std::size_t kMostRandom = 27;  // looks like an ordinary small packet
// RFC 9000, section 15: reserved versions, which keep receivers used to unknown ones.
constexpr std::uint32_t kReservedVersion = 0x0a0a0a0a;
constexpr std::uint32_t kReservedBits = 0xf0f0f0f0;

}  // namespace

std::string StatelessReset::answer(std::string_view packet, Time now) {
  if (packet.size() < kLeastPacket || !may_answer(now)) return {};
  ngtcp2_cid cid;
  ngtcp2_cid_init(&cid, bytes_of(packet) + 1, kCidBytes);
  const ResetToken token = reset_token(secret_, cid);
  std::array<std::uint8_t, kMostRandom> random;
  random_.fill(random.data(), random.size());
  std::array<std::uint8_t, kMostRandom + kTokenBytes> reset;
  const std::size_t room = std::min(reset.size(), packet.size() - 1);
  const ngtcp2_ssize size = ngtcp2_pkt_write_stateless_reset(reset.data(), room, token.data(),
                                                             random.data(), room - kTokenBytes);
  if (size <= 0) return {};
  return std::string(text_of(reset.data(), static_cast<std::size_t>(size)));
}

bool StatelessReset::may_answer(Time now) {
  if (now - second_ >= std::chrono::seconds(1)) {
    second_ = now;
    sent_ = 0;
  }
  return sent_++ < kPerSecond;
}

std::string version_negotiation(const ngtcp2_version_cid& packet, RandomSource& random) {
  std::array<std::uint8_t, 5> bytes;
  random.fill(bytes.data(), bytes.size());
  std::uint32_t reserved = 0;
  for (std::size_t i = 1; i < bytes.size(); ++i) reserved = reserved << 8 | bytes[i];
  const std::array<std::uint32_t, 2> versions{(reserved & kReservedBits) | kReservedVersion,
                                              kVersion};
  std::array<std::uint8_t, kDatagramBytes> out;
  const ngtcp2_ssize size = ngtcp2_pkt_write_version_negotiation(
      out.data(), out.size(), bytes[0], packet.scid, packet.scidlen, packet.dcid, packet.dcidlen,
      versions.data(), versions.size());
  if (size <= 0) return {};
  return std::string(text_of(out.data(), static_cast<std::size_t>(size)));
}

}  // namespace macula::dht::quic
