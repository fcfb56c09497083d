// Texts that stand in quotes, single or double, where a comma or an equals sign would end them.
//
//   unquoted("'a, b'");   // "a, b"
//   unquoted("it's");     // as it is
#pragma once

#include <string>
#include <string_view>

namespace macula {

[[nodiscard]] constexpr bool is_quote(char c) {
  return c == '\'' || c == '"';
}

// Without the quotes around it, if there are any.
[[nodiscard]] inline std::string unquoted(std::string_view text) {
  if (text.size() >= 2 && is_quote(text.front()) && text.back() == text.front()) {
    text = text.substr(1, text.size() - 2);
  }
  return std::string(text);
}

}  // namespace macula
