// Typed messages to frames and back.
//
//   std::string frame = encode(message, book);
//   auto decoded = decode(type, payload, book);      // payload: a Value that came out of a frame
//
// The size and the fingerprint of a message are computed without encoding it: `typed` and `encoded`
// runs of one scenario count the same bytes and end in the same digest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <tl/expected.hpp>

#include "dht/contact/contact_book.h"
#include "dht/wire/message.h"
#include "dht/wire/value.h"

namespace macula::dht::wire {

// The whole frame, header included.
[[nodiscard]] std::string encode(const Message& message, const ContactBook& book);
// The same in the place of what stands in `frame`: for many of them, without new memory for each.
void encode(const Message& message, const ContactBook& book, std::string& frame);

// Exactly encode(message, book).size(), without encoding.
[[nodiscard]] std::size_t encoded_size(const Message& message, const ContactBook& book);

// A hash of type and content, equal before encoding and after decoding.
[[nodiscard]] std::uint64_t fingerprint(const Message& message, const ContactBook& book);

// Why a payload is no valid message of its type: what was expected, for a person to read.
struct InvalidMessage {
  std::string reason;
};

// Judges and converts the payload of a frame. Contacts are interned in `book`; nodes of a list that
// cannot be reached (no parsable endpoint) or that no longer fit the book are left out.
[[nodiscard]] tl::expected<Message, InvalidMessage> decode(Type type, const Value& payload,
                                                           ContactBook& book);

}  // namespace macula::dht::wire
