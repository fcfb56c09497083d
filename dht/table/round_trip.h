// How long a node waits for the answer to a query: estimates of round trips (RFC 6298).
//
//   RoundTrips trips;
//   const RoundTrips::Key peer = RoundTrips::key_of(book, contact);
//   trips.answered(peer, elapsed);      // a request to it was answered, so long after it was sent
//   trips.silent(peer);                 // it let its timeout pass
//   trips.timeout(peer, cap);           // how long to wait for it next time
//
// A peer that answered lately has an estimate of its own: the mean and four mean deviations. All
// others are given the mean over all answers and eight deviations, so that peers of a far region do
// not seem slow where they are but one in sixteen (if a share p takes longer by D, the mean
// deviation is 2 p (1 - p) D, and eight of them and the mean reach D for p from 1 / 16 on). The
// sample is the time that a query takes, with the handshake where there was none yet and the way
// through a gateway, since that is what the next one will take.
//
// Karn's algorithm asks not to measure a segment that was sent twice, since nobody knows which of
// the two was acknowledged, and to keep a backed-off timeout until there is a sample. Here a query
// is sent once and its answer belongs to it, so that a late answer counts, too: it is how a node
// learns that its network has become slower. A silent peer's timeout doubles until it answers.
//
// Bounded: 24 bytes, and 256 more from the first answer on, for the 32 peers that are kept. Whole
// numbers only: the same on every machine.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <tuple>

#include "base/prefetch.h"
#include "base/time.h"
#include "dht/contact/contact_book.h"

namespace macula::dht {

class RoundTrips {
 public:
  // Until kEnough answers came, from whomever: the initial timeout of RFC 6298, section 2.1.
  static constexpr Duration kInitial = std::chrono::seconds(1);
  static constexpr std::uint32_t kEnough = 8;
  // A peer is waited for this much longer than it usually takes, whatever the deviation (G in RFC
  // 6298): on a near path the loss of a packet, or of a slice of the processor, costs that much.
  static constexpr Duration kSlack = std::chrono::milliseconds(100);

  // A peer, and bits of its id that say where it is kept: not its handle, which depends on how many
  // contacts were named before it.
  struct Key {
    ContactRef ref;
    std::uint8_t bits;
  };
  [[nodiscard]] static Key key_of(const ContactBook& book, ContactRef peer) {
    return {peer, book.tail(peer)};
  }

  void answered(const Key& peer, Duration elapsed);
  void silent(const Key& peer);
  [[nodiscard]] Duration timeout(const Key& peer, Duration cap) const;

  void keep_contacts(ContactMarks& marks) const;
  // Starts loading what is known of all peers.
  void prefetch() const {
    if (peers_ != nullptr) prefetch_range(peers_.get(), sizeof(Peers));
  }

 private:
  // The round trips of one peer, in milliseconds, scaled as in RFC 6298's source (Jacobson, 1988,
  // appendix A): a shift takes the place of each division. Longer ones saturate.
  struct Peer {
    ContactRef ref;
    std::uint32_t mean_8 : 16;       // times 8: at most 8.1 s
    std::uint32_t deviation_4 : 14;  // times 4: at most 4 s
    std::uint32_t doublings : 2;
  };
  // By the low bits: the peer that was heard from last has the place.
  using Peers = std::array<Peer, 32>;
  static_assert(sizeof(Peers) == 256);

  [[nodiscard]] static std::size_t place(const Key& peer) {
    return peer.bits % std::tuple_size_v<Peers>;
  }

  std::unique_ptr<Peers> peers_;  // from the first answer on
  // Over all answers, in microseconds.
  std::uint32_t mean_us_ = 0;
  std::uint32_t deviation_us_ = 0;
  std::uint32_t answers_ = 0;  // counted up to kSlowest
};

}  // namespace macula::dht
