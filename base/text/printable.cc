#include "base/text/printable.h"

#include <fmt/format.h>

#include <cstddef>
#include <iterator>

#include "base/text/utf8.h"

namespace macula {
namespace {

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
    const auto next = decode_utf8(text);
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
