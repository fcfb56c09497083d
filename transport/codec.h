// The questions of a network about the messages `M` that it carries: four functions, the first
// message of a host, and how much fits into one.
//
//     struct RumourCodec {
//       static constexpr std::size_t kLargest = 1 << 20;
//       std::size_t size(const Rumours& message) const;              // bytes, without encoding it
//       std::uint64_t fingerprint(const Rumours& message) const;     // of its content
//       std::string_view name(const Rumours& message) const;         // "digest"
//       bool recode(Rumours& message, Peer from, std::optional<std::uint64_t> chunks) const;
//       Rumours greeting(Peer self) const;
//     };
//
// For traces a codec may also say what a message is about, by texts with names:
//
//     template <typename Tell>
//     void describe(const Rumours& message, Tell tell) const { tell("rumour", message.text); }
//
// And for captures its bytes, with the name of Wireshark's dissector for them:
//
//     static constexpr std::string_view kDissector = "rumours";
//     std::string encode(const Rumours& message) const;
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "transport/peer.h"

namespace macula::transport {

template <typename C, typename M>
concept Codec = requires(const C& codec, const M& message, M& recoded, Peer peer,
                         std::optional<std::uint64_t> chunks) {
  // Bytes of the largest message that a host takes; a larger one is refused.
  { C::kLargest } -> std::convertible_to<std::size_t>;
  // Its bytes on the wire, headers of the protocol's own included.
  { codec.size(message) } -> std::convertible_to<std::size_t>;
  // A hash of kind and content, equal before encoding and after decoding, in every run.
  { codec.fingerprint(message) } -> std::convertible_to<std::uint64_t>;
  // The name of its kind, for people.
  { codec.name(message) } -> std::convertible_to<std::string_view>;
  // Encodes a message of this peer, and decodes it in place. With `chunks`, the seed of where to
  // cut, its bytes reach the decoder in pieces. False: nothing came out, and the message is lost.
  { codec.recode(recoded, peer, chunks) } -> std::same_as<bool>;
  // The greeting of this peer's host when it meets another.
  { codec.greeting(peer) } -> std::same_as<M>;
};

}  // namespace macula::transport
