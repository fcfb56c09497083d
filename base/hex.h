// Bytes to lower-case hexadecimal text and back.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace macula {

// "\x0a\xff" -> "0aff".
[[nodiscard]] std::string to_hex(std::string_view bytes);

// "0aff" or "0AFF" -> two bytes. Nothing where a character is no hex digit or their count is odd.
[[nodiscard]] std::optional<std::string> from_hex(std::string_view text);

}  // namespace macula
