// The errors of a CSV file, each with its place and its line.
//
//   CsvProblems problems(text, file);
//   problems.at(line, 2, "delay_us: not a number");      // the third cell of the line
//   if (!problems.empty()) return tl::unexpected(problems.take());
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "base/text/diagnostic.h"

namespace macula::sim {

inline constexpr std::size_t kCsvBytesMax = std::size_t{64} << 20;
inline constexpr std::size_t kCsvRowsMax = 1'000'000;

class CsvProblems {
 public:
  CsvProblems(const std::string& text, const std::string& file) : text_(text), file_(file) {}

  // Lines count from 1, cells from 0.
  void at(unsigned line, std::size_t cell, std::string message);

  [[nodiscard]] bool empty() const { return found_.empty(); }
  // Enough is wrong to stop reading.
  [[nodiscard]] bool full() const { return found_.size() >= kShown; }
  [[nodiscard]] Diagnostics take() { return std::move(found_); }

 private:
  static constexpr std::size_t kShown = 20;

  [[nodiscard]] std::string source_line(unsigned line) const;
  // 1 where the cell lies beyond what is shown.
  [[nodiscard]] static int column_of(std::string_view line, std::size_t cell);

  const std::string& text_;
  const std::string& file_;
  Diagnostics found_;
};

}  // namespace macula::sim
