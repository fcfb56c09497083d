// The peers of a node: the short name of each, and what stands behind it.
//
//   Peer peer = *book.intern({identity, endpoint, std::nullopt});
//   host.send(peer, message);
//
// A host and its guest share a book that knows what each short name stands for: peer_book.h, or one
// that the protocol has anyway, with the same functions.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "transport/endpoint.h"

namespace macula::transport {

// 256 bits that name a node whatever its address: the hash of its key, where it has one. Kept as
// four words, most significant first, so that comparing words compares big-endian bytes.
struct Identity {
  static constexpr std::size_t kBytes = 32;
  static constexpr int kBits = 256;

  std::array<std::uint64_t, 4> words{};

  friend constexpr bool operator==(const Identity& a, const Identity& b) {
    return a.words[0] == b.words[0] && a.words[1] == b.words[1] && a.words[2] == b.words[2] &&
           a.words[3] == b.words[3];
  }
  friend constexpr std::strong_ordering operator<=>(const Identity& a, const Identity& b) {
    for (std::size_t i = 0; i < 3; ++i) {
      if (a.words[i] != b.words[i]) return a.words[i] <=> b.words[i];
    }
    return a.words[3] <=> b.words[3];
  }
};

// The name of a peer in the book that its host has.
enum class Peer : std::uint32_t {};
inline constexpr Peer kNoPeer{0xffffffff};

// A node and how to reach it. With `relay` the endpoint is that of the gateway with this identity,
// which passes messages on to the node.
struct Contact {
  Identity id;
  Endpoint endpoint;
  std::optional<Identity> relay;

  friend bool operator==(const Contact& a, const Contact& b) {
    return a.id == b.id && a.endpoint == b.endpoint && a.relay == b.relay;
  }
};

}  // namespace macula::transport
