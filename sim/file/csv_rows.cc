#include "sim/file/csv_rows.h"

#include <algorithm>
#include <limits>
#include <utility>

// In errors the library cuts file names short, which it means to.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wstringop-truncation"
#endif
#define CSV_IO_NO_THREAD
#include <libfccp/csv.h>

namespace macula::sim {
namespace {

// The library reads a number of columns that is fixed at compile time; its rules for one cell do
// for any number.
using Quotes = io::double_quote_escape<',', '"'>;
using Trim = io::trim_chars<' ', '\t'>;

constexpr std::size_t kLineBytesMax = std::size_t{16} << 20;

}  // namespace

CsvRows::CsvRows(std::string_view text, CsvProblems& problems) : rest_(text), problems_(problems) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (rest_.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
    rest_.remove_prefix(kByteOrderMark.size());
  }
}

std::optional<CsvRow> CsvRows::next() {
  while (!rest_.empty() && !problems_.full()) {
    const std::size_t end = std::min(rest_.find('\n'), rest_.size());
    std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    ++line_;
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.find_first_not_of(" \t") == std::string_view::npos || line.front() == '#') continue;
    if (line.size() > kLineBytesMax) {
      problems_.at(line_, 0, "the line is too long");
    } else if (line.find('\0') != std::string_view::npos) {
      problems_.at(line_, 0, "a NUL byte: this is no text");
    } else if (auto row = read(std::string(line))) {
      return row;
    }
  }
  return std::nullopt;
}

std::optional<CsvRow> CsvRows::read(std::string line) {
  CsvRow row;
  row.line = line_;
  const char* const end = line.data() + line.size();
  char* begin = line.data();
  while (true) {
    char* cell_end = nullptr;
    try {
      cell_end = begin + (Quotes::find_next_column_end(begin) - begin);
    } catch (const io::error::escaped_string_not_closed&) {
      problems_.at(line_, row.cells.size(), "a quote is not closed on this line");
      return std::nullopt;
    }
    const bool last = cell_end == end;
    char* first = begin;
    char* past = cell_end;
    Trim::trim(first, past);
    Quotes::unescape(first, past);
    row.cells.emplace_back(first, past);
    if (last) return row;
    begin = cell_end + 1;
  }
}

}  // namespace macula::sim
