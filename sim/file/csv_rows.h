// The rows of a CSV file: cells trimmed, in double quotes where they hold a comma; empty lines and
// those that begin with # skipped.
//
//   CsvRows rows(text, problems);
//   while (const auto row = rows.next()) use(row->line, row->cells);
//
// A line that is no text, too long, or whose quote is not closed is reported and left out. Cells
// hold no line breaks.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/file/csv_problems.h"

namespace macula::sim {

struct CsvRow {
  unsigned line = 0;  // from 1
  std::vector<std::string> cells;
};

class CsvRows {
 public:
  // Both must outlive this.
  CsvRows(std::string_view text, CsvProblems& problems);

  // Nothing at the end, and once enough is wrong.
  [[nodiscard]] std::optional<CsvRow> next();

 private:
  // Nothing where the line is no row.
  [[nodiscard]] std::optional<CsvRow> read(std::string line);

  std::string_view rest_;
  CsvProblems& problems_;
  unsigned line_ = 0;
};

}  // namespace macula::sim
