#include "sim/scenario/csv_problems.h"

#include <algorithm>

namespace macula::sim {

void CsvProblems::at(unsigned line, std::size_t cell, std::string message) {
  Diagnostic diagnostic{file_, {static_cast<int>(line), 1}, std::move(message), source_line(line)};
  std::size_t at = 0;
  for (std::size_t i = 0; i < cell && at != std::string::npos; ++i) {
    at = diagnostic.source_line.find(',', at);
    if (at != std::string::npos) ++at;
  }
  if (at != std::string::npos) diagnostic.place.column = static_cast<int>(at) + 1;
  found_.push_back(std::move(diagnostic));
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
