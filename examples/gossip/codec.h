// The network's questions about the messages: how large they are, what is in them, what they are
// called, and their bytes (transport/codec.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rumours.h"
#include "transport/codec.h"

namespace gossip {

// Kind, count and ids of those known, count of the rumours, and of each: id, length, text. Numbers
// are big-endian.
[[nodiscard]] std::string encode(const Rumours& message);
// Nothing where the bytes are no message.
[[nodiscard]] std::optional<Rumours> decode(std::string_view bytes);

struct RumourCodec {
  static constexpr std::size_t kLargest = std::size_t{1} << 20;

  [[nodiscard]] std::size_t size(const Rumours& message) const;
  [[nodiscard]] std::uint64_t fingerprint(const Rumours& message) const;
  [[nodiscard]] std::string_view name(const Rumours& message) const;
  // Each message has a stream for itself and is read once it is whole, wherever it was cut.
  [[nodiscard]] bool recode(Rumours& message, macula::transport::Peer from,
                            std::optional<std::uint64_t> chunks) const;
  // Unused here: no node meets another by its address alone.
  [[nodiscard]] Rumours greeting(macula::transport::Peer self) const;
};

}  // namespace gossip
