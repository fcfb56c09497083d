// Reads the fields of a payload, and remembers the first one that is not as it must be.
//
//   FieldReader in("find_node", payload);
//   FindNode message{in.id("target")};
//   if (in.error()) return *in.error();   // find_node: "target" must be 32 bytes
//
// After an error the reading calls give empty results, so that a message may be read in one go and
// judged at the end. Keys that nobody asks for are ignored; nil counts as absent where a field is
// optional. Internal to dht/wire.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dht/contact/contact_book.h"
#include "dht/wire/message.h"
#include "dht/wire/value.h"

namespace macula::dht::wire {

class FieldReader {
 public:
  // Elements of a list of texts or nodes.
  static constexpr std::size_t kMaxList = 1024;

  // `message` names what is read, for the reason of an error.
  FieldReader(std::string message, const Value& payload);

  [[nodiscard]] const std::optional<std::string>& error() const { return error_; }
  [[nodiscard]] bool has(std::string_view key) const;

  [[nodiscard]] std::uint64_t integer(std::string_view key, std::uint64_t max);
  [[nodiscard]] std::optional<std::uint64_t> optional_integer(std::string_view key);
  [[nodiscard]] bool boolean(std::string_view key);
  [[nodiscard]] Bytes bytes(std::string_view key);
  [[nodiscard]] std::optional<Bytes> optional_bytes(std::string_view key);
  [[nodiscard]] NodeId id(std::string_view key);
  [[nodiscard]] CallId call_id(std::string_view key);
  // Exactly as many bytes as `out` has.
  template <std::size_t N>
  void fixed_bytes(std::string_view key, std::array<std::uint8_t, N>& out) {
    fixed_bytes(key, out.data(), N);
  }
  [[nodiscard]] std::vector<std::string> texts(std::string_view key);
  // Nodes without an endpoint that can be parsed are left out.
  [[nodiscard]] std::vector<Contact> nodes(std::string_view key);
  // Nothing where the field is absent or its node cannot be reached.
  [[nodiscard]] std::optional<Contact> optional_node(std::string_view key);
  [[nodiscard]] const Array* list(std::string_view key, std::size_t max);
  [[nodiscard]] const Value* map(std::string_view key);
  [[nodiscard]] const Value* any(std::string_view key);
  // An absent `type` is allowed: later senders leave it out of requests.
  void expect_type(Type type);

  // Remembers `"key" must be ...`, unless something was wrong before.
  void refuse(std::string_view key, std::string_view must_be);
  void fail(const std::string& reason);
  // Takes over the error of a part, which names itself in full.
  void adopt_error(const FieldReader& part);

 private:
  void fixed_bytes(std::string_view key, std::uint8_t* out, std::size_t size);
  [[nodiscard]] std::optional<Contact> node(std::string_view key, const Value& value);

  std::string message_;
  const Value& payload_;
  std::optional<std::string> error_;
};

}  // namespace macula::dht::wire
