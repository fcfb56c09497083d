#include "sim/scenario/region_csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <set>
#include <string_view>
#include <utility>

#include "base/text/units.h"
#include "sim/scenario/csv_problems.h"
#include "sim/scenario/csv_reader.h"
#include "sim/scenario/parse_distribution.h"
#include "sim/scenario/selector_parse.h"

namespace macula::sim {
namespace {

constexpr std::size_t kColumns = 5;
constexpr std::array<const char*, kColumns> kHeader{"from", "to", "delay_us", "jitter_us",
                                                    "loss_ppm"};
constexpr std::uint64_t kDelayMaxUs =
    static_cast<std::uint64_t>(kDelayLimit / std::chrono::microseconds(1));

using Reader = CsvReader<kColumns>;

class Parser {
 public:
  Parser(const std::string& text, const std::string& file)
      : text_(text), file_(file), problems_(text, file) {}

  tl::expected<std::vector<RegionLink>, Diagnostics> parse() {
    try {
      Reader reader(file_, text_.data(), text_.data() + text_.size());
      reader.read_header(io::ignore_no_column, kHeader[0], kHeader[1], kHeader[2], kHeader[3],
                         kHeader[4]);
      while (!problems_.full() && read_row(reader)) {
      }
    } catch (const io::error::line_length_limit_exceeded& error) {
      problems_.at(static_cast<unsigned>(error.file_line), 0, "the line is too long");
    } catch (const io::error::base&) {
      problems_.at(1, 0, "the first line names the columns: from,to,delay_us,jitter_us,loss_ppm");
    }
    if (!problems_.empty()) return tl::unexpected(problems_.take());
    mirror();
    return std::move(rows_);
  }

 private:
  // False at the end.
  bool read_row(Reader& reader) {
    std::array<char*, kColumns> cells{};
    try {
      if (!reader.read_row(cells[0], cells[1], cells[2], cells[3], cells[4])) return false;
    } catch (const io::error::too_few_columns&) {
      return wrong_columns(reader.get_file_line());
    } catch (const io::error::too_many_columns&) {
      return wrong_columns(reader.get_file_line());
    }
    const unsigned line = reader.get_file_line();
    if (rows_.size() >= kCsvRowsMax) {
      problems_.at(line, 0, fmt::format("more than {} rows", kCsvRowsMax));
      return false;
    }
    RegionLink row;
    row.from = cells[0];
    row.to = cells[1];
    for (std::size_t i = 0; i < 2; ++i) {
      const std::string wrong = check_new_name(cells[i]);
      if (!wrong.empty()) problems_.at(line, i, wrong);
    }
    row.delay_ns = static_cast<std::int64_t>(number(cells[2], kDelayMaxUs, line, 2)) * 1000;
    row.jitter_ns = static_cast<std::int64_t>(number(cells[3], kDelayMaxUs, line, 3)) * 1000;
    row.loss_ppm = static_cast<std::uint32_t>(number(cells[4], kWholePpm, line, 4));
    if (!pairs_.emplace(row.from, row.to).second) {
      problems_.at(line, 0, fmt::format("{} to {} stands here twice", row.from, row.to));
    }
    rows_.push_back(std::move(row));
    return true;
  }

  bool wrong_columns(unsigned line) {
    problems_.at(
        line, 0,
        fmt::format("a row has {} columns: from,to,delay_us,jitter_us,loss_ppm", kColumns));
    return true;
  }

  std::uint64_t number(const char* cell, std::uint64_t limit, unsigned line, std::size_t column) {
    const auto value = parse_count(cell, limit);
    if (value) return *value;
    problems_.at(line, column, fmt::format("{}: {}", kHeader[column], value.error()));
    return 0;
  }

  void mirror() {
    const std::size_t given = rows_.size();
    for (std::size_t i = 0; i < given; ++i) {
      if (pairs_.find({rows_[i].to, rows_[i].from}) != pairs_.end()) continue;
      RegionLink back = rows_[i];
      std::swap(back.from, back.to);
      rows_.push_back(std::move(back));
    }
  }

  const std::string& text_;
  const std::string& file_;
  CsvProblems problems_;
  std::vector<RegionLink> rows_;
  std::set<std::pair<std::string, std::string>> pairs_;
};

}  // namespace

tl::expected<std::vector<RegionLink>, Diagnostics> parse_region_csv(const std::string& text,
                                                                    const std::string& file) {
  if (text.size() > kCsvBytesMax) {
    return tl::unexpected(Diagnostics{
        {file, {}, fmt::format("the file is larger than {} MiB", kCsvBytesMax >> 20), {}}});
  }
  return Parser(text, file).parse();
}

}  // namespace macula::sim
