// 256-bit identifiers of nodes and keys, and the XOR metric over them.
//
//   NodeId id = hash_id("edge1");                  // SHA-256 of the name
//   Key key = normalize(bytes);                    // 32 bytes as they are, anything else hashed
//   bool closer = distance(id, key) < distance(other, key);
//
// Nodes and keys share one space (Maymounkov and Mazieres, "Kademlia", 2002, section 2), so both
// names stand for one type.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "transport/peer.h"

namespace macula::dht {

using NodeId = transport::Identity;
using Key = NodeId;
using Distance = NodeId;

[[nodiscard]] constexpr Distance distance(const NodeId& a, const NodeId& b) {
  return {{a.words[0] ^ b.words[0], a.words[1] ^ b.words[1], a.words[2] ^ b.words[2],
           a.words[3] ^ b.words[3]}};
}

// Leading zero bits of the distance: 0 for the far half of the space, 255 for the nearest possible
// neighbour, 256 for `a == b`, which no table stores.
[[nodiscard]] constexpr int bucket_index(const NodeId& a, const NodeId& b) {
  for (std::size_t i = 0; i < 4; ++i) {
    const std::uint64_t difference = a.words[i] ^ b.words[i];
    if (difference != 0) return static_cast<int>(i) * 64 + __builtin_clzll(difference);
  }
  return NodeId::kBits;
}

// Bit `index` counted from the most significant one.
[[nodiscard]] constexpr bool bit(const NodeId& id, int index) {
  const auto i = static_cast<unsigned>(index);
  return ((id.words[i / 64] >> (63 - i % 64)) & 1) != 0;
}

// `id` with bit `index`, counted from the most significant one, inverted.
[[nodiscard]] constexpr NodeId flip_bit(NodeId id, int index) {
  const auto i = static_cast<unsigned>(index);
  id.words[i / 64] ^= std::uint64_t{1} << (63 - i % 64);
  return id;
}

// SHA-256 of the text: the id of a named node, the key of a service or topic.
[[nodiscard]] NodeId hash_id(std::string_view text);

// Macula's rule for keys: exactly 32 bytes are used as they are, anything else is hashed. A service
// name of 32 bytes would therefore not be hashed: use `hash_id` for names.
[[nodiscard]] Key normalize(std::string_view bytes);

// Big-endian bytes, as on the wire. Nothing where `bytes` is not 32 bytes long.
[[nodiscard]] std::optional<NodeId> id_from_bytes(std::string_view bytes);
[[nodiscard]] std::string id_to_bytes(const NodeId& id);

// 64 hexadecimal digits.
[[nodiscard]] std::optional<NodeId> id_from_hex(std::string_view text);
[[nodiscard]] std::string id_to_hex(const NodeId& id);

}  // namespace macula::dht
