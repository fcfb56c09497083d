// Values to MessagePack and back, in the forms that Macula uses.
//
//   std::string bytes = pack(value);
//   std::optional<Value> read = unpack(bytes);
//
// Sent: bin only, maps as they stand (sorted), integers in their shortest form, floats as float64,
// and an empty list as an empty fixstr (a0), as Macula 0.8 does. Read: also str in place of bin,
// and float32.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "dht/wire/value.h"

namespace macula::dht::wire {

// Limits on what is read. A list or map of a payload lies at most this deep; the payload itself is
// at depth 1 where it is a map.
inline constexpr std::size_t kMaxDepth = 32;
// Values and keys in one payload. Each takes at most 72 bytes of memory beside its own text.
inline constexpr std::size_t kMaxValues = std::size_t{1} << 18;

[[nodiscard]] std::string pack(const Value& value);

// Exactly pack(value).size(), without packing.
[[nodiscard]] std::size_t packed_size(const Value& value);

// A hash of the content, for digests. The order of a map's entries does not matter.
[[nodiscard]] std::uint64_t hash_value(const Value& value);

// The one value that `bytes` hold. Nothing where they are no MessagePack, hold less or more than
// one value, an ext type, a map key that is no string, a float that is not finite (a Macula peer
// cannot hold one either), or exceed the limits. Memory is taken for what is there, never for what
// a header merely claims.
[[nodiscard]] std::optional<Value> unpack(std::string_view bytes);

}  // namespace macula::dht::wire
