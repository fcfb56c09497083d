// Text of others, made fit to be shown to a person: a terminal obeys control characters.
//
//   std::cout << printable(bytes, Lines::many) << '\n';
//
// Control characters (C0, DEL and C1) become `\u001b` and the like, which inside a string of JSON
// means the same; what is no UTF-8 becomes U+FFFD. Direction marks, which reorder a line, are
// escaped as well. `Lines::many`: line breaks and tabs stay.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace macula {

enum class Lines : std::uint8_t { one, many };

[[nodiscard]] std::string printable(std::string_view text, Lines lines);

}  // namespace macula
