#include "base/text/diagnostic.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace macula {
namespace {

constexpr std::size_t kShownBytes = 200;  // of a longer line, the part around the column is shown

bool is_continuation_byte(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

// Byte offset of a column, which counts characters.
std::size_t offset_of_column(const std::string& line, std::size_t column) {
  std::size_t offset = 0;
  for (std::size_t at = 1; at < column && offset < line.size(); ++at) {
    ++offset;
    while (offset < line.size() && is_continuation_byte(line[offset])) ++offset;
  }
  return offset;
}

// Control characters could move the caret or the cursor of a terminal.
char printable(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7F ? (c == '\t' ? '\t' : '?') : c;
}

void append_source(const Diagnostic& diagnostic, std::string& out) {
  const std::string& line = diagnostic.source_line;
  const auto column = static_cast<std::size_t>(std::max(diagnostic.place.column, 1));
  const std::size_t caret = offset_of_column(line, column);
  std::size_t begin =
      caret > kShownBytes / 2 && line.size() > kShownBytes ? caret - kShownBytes / 2 : 0;
  while (begin < caret && is_continuation_byte(line[begin])) ++begin;
  std::size_t end = std::min(line.size(), begin + kShownBytes);
  while (end < line.size() && is_continuation_byte(line[end])) ++end;
  for (std::size_t i = begin; i < end; ++i) out += printable(line[i]);
  out += '\n';
  for (std::size_t i = begin; i < caret; ++i) {
    // A tab stays a tab, so that the caret stands below its column at any tab width.
    if (!is_continuation_byte(line[i])) out += line[i] == '\t' ? '\t' : ' ';
  }
  out += "^\n";
}

}  // namespace

std::string format(const Diagnostics& diagnostics) {
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics) {
    const char* kind = diagnostic.warning ? "warning" : "error";
    if (diagnostic.place.line == 0) {
      out += fmt::format("{}: {}: {}\n", diagnostic.file, kind, diagnostic.message);
      continue;
    }
    out += fmt::format("{}:{}:{}: {}: {}\n", diagnostic.file, diagnostic.place.line,
                       diagnostic.place.column, kind, diagnostic.message);
    if (!diagnostic.source_line.empty()) append_source(diagnostic, out);
  }
  return out;
}

}  // namespace macula
