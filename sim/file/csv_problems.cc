#include "sim/file/csv_problems.h"

#include <algorithm>

namespace macula::sim {

void CsvProblems::at(unsigned line, std::size_t cell, std::string message) {
  Diagnostic diagnostic{file_, {static_cast<int>(line), 1}, std::move(message), source_line(line)};
  diagnostic.place.column = column_of(diagnostic.source_line, cell);
  found_.push_back(std::move(diagnostic));
}

// Columns count characters; a comma in quotes parts no cells.
int CsvProblems::column_of(std::string_view line, std::size_t cell) {
  bool quoted = false;
  int column = 1;
  for (const char c : line) {
    if (cell == 0) return column;
    if (c == '"') quoted = !quoted;
    if (c == ',' && !quoted) --cell;
    if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) ++column;
  }
  return cell == 0 ? column : 1;
}

std::string CsvProblems::source_line(unsigned line) const {
  constexpr std::size_t kBytes = 200;
  std::size_t begin = 0;
  for (unsigned i = 1; i < line && begin != std::string::npos; ++i) {
    begin = text_.find('\n', begin);
    if (begin != std::string::npos) ++begin;
  }
  if (begin == std::string::npos) return {};
  const std::size_t end = std::min(text_.find_first_of("\r\n", begin), text_.size());
  return text_.substr(begin, std::min(end - begin, kBytes));
}

}  // namespace macula::sim
