#include "base/text/printable.h"

#include <fmt/format.h>

#include <cstddef>
#include <iterator>
#include <optional>

namespace macula {
namespace {

struct Decoded {
  char32_t point;
  std::size_t bytes;
};

// Of the character at the front; nothing where that is no UTF-8 (RFC 3629).
std::optional<Decoded> decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = byte(0);
  if (first < 0x80) return Decoded{first, 1};
  const std::size_t bytes = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < bytes) return std::nullopt;
  char32_t point = first & (0xffU >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) return std::nullopt;
    point = point << 6 | (byte(i) & 0x3fU);
  }
  constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = point >= 0xd800 && point < 0xe000;
  if (point < kLeast[bytes] || point > 0x10ffff || surrogate) return std::nullopt;
  return Decoded{point, bytes};
}

bool harmless(char32_t point, Lines lines) {
  if (lines == Lines::many && (point == '\n' || point == '\t')) return true;
  if (point < 0x20 || (point >= 0x7f && point < 0xa0)) return false;
  const bool breaks_line = point == 0x2028 || point == 0x2029;
  const bool reorders = point == 0x200e || point == 0x200f ||
                        (point >= 0x202a && point <= 0x202e) ||
                        (point >= 0x2066 && point <= 0x2069);
  return !breaks_line && !reorders;
}

}  // namespace

std::string printable(std::string_view text, Lines lines) {
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    const auto next = decode(text);
    const std::size_t bytes = next ? next->bytes : 1;
    if (!next) {
      shown += "\xef\xbf\xbd";
    } else if (harmless(next->point, lines)) {
      shown += text.substr(0, bytes);
    } else {
      fmt::format_to(std::back_inserter(shown), "\\u{:04x}",
                     static_cast<std::uint32_t>(next->point));
    }
    text.remove_prefix(bytes);
  }
  return shown;
}

}  // namespace macula
