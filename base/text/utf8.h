// One character of a text that need not be UTF-8.
//
//   while (!text.empty()) {
//     const auto next = decode_utf8(text);           // nothing: what begins here is no UTF-8
//     text.remove_prefix(next ? next->bytes : 1);
//   }
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace macula {

struct Utf8Character {
  char32_t point;
  std::size_t bytes;
};

// The one at the front of `text`, which is not empty. Nothing where that is no UTF-8 (RFC 3629).
[[nodiscard]] std::optional<Utf8Character> decode_utf8(std::string_view text);

// Whether all of it is.
[[nodiscard]] bool is_utf8(std::string_view text);

}  // namespace macula
