// The codec of Macula's messages for a network: dht/wire, as transport/codec.h wants it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "dht/contact/contact_book.h"
#include "dht/transport.h"
#include "dht/wire/codec.h"
#include "dht/wire/frame.h"

namespace macula::sim {

class MaculaCodec {
 public:
  static constexpr std::size_t kLargest = dht::wire::kFrameHeader + dht::wire::kMaxPayload;

  // The book outlives it.
  explicit MaculaCodec(dht::ContactBook& book) : book_(&book) {}

  [[nodiscard]] std::size_t size(const dht::wire::Message& message) const {
    return dht::wire::encoded_size(message, *book_);
  }
  [[nodiscard]] std::uint64_t fingerprint(const dht::wire::Message& message) const {
    return dht::wire::fingerprint(message, *book_);
  }
  [[nodiscard]] std::string_view name(const dht::wire::Message& message) const {
    return type_name(type_of(message));
  }
  // The subject of a message, for traces: its key, target or procedure, and what answers hold.
  using Tell = std::function<void(std::string_view name, std::string_view value)>;
  void describe(const dht::wire::Message& message, const Tell& tell) const;
  // For captures: its frame, and who reads it (analysis/wireshark/macula.lua).
  static constexpr std::string_view kDissector = "macula";
  void encode(const dht::wire::Message& message, std::string& frame) const {
    dht::wire::encode(message, *book_, frame);
  }
  // sim/macula/net/byte_stream.h
  [[nodiscard]] bool recode(dht::wire::Message& message, dht::ContactRef from,
                            std::optional<std::uint64_t> chunks) const;
  // A CONNECT that says nothing but the id.
  [[nodiscard]] dht::wire::Message greeting(dht::ContactRef self) const;

 private:
  dht::ContactBook* book_;
};

}  // namespace macula::sim
