#include "sim/file/region_csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <utility>

#include "base/text/suggest.h"
#include "base/text/units.h"
#include "sim/file/csv_rows.h"
#include "sim/file/parse_distribution.h"
#include "sim/file/parse_fields.h"

namespace macula::sim {
namespace {

enum class ColumnRole : std::uint8_t { from, to, delay, jitter, loss };

struct Column {
  std::string_view name;
  ColumnRole role;
  std::int64_t factor = 1;  // nanoseconds, or parts per million, that make one
};

constexpr std::array<Column, 11> kRegionColumns{
    {{"from", ColumnRole::from},
     {"to", ColumnRole::to},
     {"delay_us", ColumnRole::delay, 1'000},
     {"one_way_us", ColumnRole::delay, 1'000},
     {"one_way_ms", ColumnRole::delay, 1'000'000},
     {"rtt_us", ColumnRole::delay, 500},
     {"rtt_ms", ColumnRole::delay, 500'000},
     {"jitter_us", ColumnRole::jitter, 1'000},
     {"jitter_ms", ColumnRole::jitter, 1'000'000},
     {"loss_ppm", ColumnRole::loss, 1},
     {"loss_percent", ColumnRole::loss, kWholePpm / 100}}};

const Column* find_column(std::string_view name) {
  const auto* const found = std::find_if(kRegionColumns.begin(), kRegionColumns.end(),
                                         [&](const Column& column) { return column.name == name; });
  return found == kRegionColumns.end() ? nullptr : found;
}

// A region is named as its table names it: "us-east-1", "East US".
std::string check_region(std::string_view name) {
  if (name.empty()) return "an empty name of a region";
  if (name.size() > kNameBytesMax) return fmt::format("a name has at most {} bytes", kNameBytesMax);
  return has_control(name) ? "a name of a region holds a control character" : std::string();
}

class RegionParser {
 public:
  RegionParser(const std::string& text, const std::string& file, std::string_view unit)
      : problems_(text, file), rows_(text, problems_), unit_(unit) {}

  tl::expected<std::vector<RegionLink>, Diagnostics> parse() {
    const auto header = rows_.next();
    if (!header) {
      if (problems_.empty()) problems_.at(1, 0, kForms);
    } else if (has(*header, "from") && has(*header, "to")) {
      read_pairs(*header);
    } else {
      read_square(*header);
    }
    if (problems_.empty() && links_.empty()) {
      problems_.at(header->line, 0, "no row with a delay stands below the first line");
    }
    if (!problems_.empty()) return tl::unexpected(problems_.take());
    mirror();
    return std::move(links_);
  }

 private:
  static constexpr const char* kForms =
      "the first line names the columns, as in from,to,rtt_ms, or begins a square table, as in "
      "rtt_ms,eu,us";

  static bool has(const CsvRow& row, std::string_view name) {
    return std::find(row.cells.begin(), row.cells.end(), name) != row.cells.end();
  }

  // ----- a row for each pair -----

  void read_pairs(const CsvRow& header) {
    if (!unit_.empty()) {
      problems_.at(header.line, 0, "the columns say what they hold: leave out `matrix_unit`");
    }
    if (!read_columns(header)) return;
    while (const auto row = rows_.next()) {
      if (row->cells.size() != columns_.size()) {
        problems_.at(
            row->line, 0,
            fmt::format("a row has {} columns: {}", columns_.size(), fmt::join(header.cells, ",")));
      } else if (!read_pair(*row)) {
        return;
      }
    }
  }

  bool read_columns(const CsvRow& header) {
    std::set<ColumnRole> seen;
    for (std::size_t i = 0; i < header.cells.size(); ++i) {
      const Column* column = find_column(header.cells[i]);
      if (column == nullptr) {
        std::vector<std::string> known;
        known.reserve(kRegionColumns.size());
        for (const Column& one : kRegionColumns) known.emplace_back(one.name);
        problems_.at(header.line, i,
                     fmt::format("unknown column `{}`{}", header.cells[i],
                                 suggestion(header.cells[i], "there are", known)));
        return false;
      }
      if (!seen.insert(column->role).second) {
        problems_.at(header.line, i,
                     fmt::format("`{}` says what another column says already", column->name));
        return false;
      }
      columns_.push_back(column);
    }
    if (seen.count(ColumnRole::delay) != 0) return true;
    problems_.at(header.line, 0,
                 fmt::format("no column of delays: one of {}", fmt::join(delay_columns(), ", ")));
    return false;
  }

  bool read_pair(const CsvRow& row) {
    RegionLink link;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const Column& column = *columns_[i];
      const std::string& cell = row.cells[i];
      switch (column.role) {
        case ColumnRole::from:
        case ColumnRole::to:
          check_name(cell, row.line, i);
          (column.role == ColumnRole::from ? link.from : link.to) = cell;
          break;
        case ColumnRole::delay:
          link.delay_ns = number(cell, column, row.line, i);
          break;
        case ColumnRole::jitter:
          link.jitter_ns = number(cell, column, row.line, i);
          break;
        case ColumnRole::loss:
          link.loss_ppm = static_cast<std::uint32_t>(number(cell, column, row.line, i));
          break;
      }
    }
    return add(std::move(link), row.line, 0);
  }

  // ----- a square table -----

  void read_square(const CsvRow& header) {
    const Column* corner = find_column(header.cells.front());
    if (corner != nullptr && corner->role != ColumnRole::delay) corner = nullptr;
    if (corner == nullptr) corner = find_column(unit_);
    if (corner == nullptr || header.cells.size() < 2) {
      problems_.at(header.line, 0,
                   fmt::format("{}; of a square table the first cell, or `matrix_unit` in "
                               "[latency], says what its numbers are: one of {}",
                               kForms, fmt::join(delay_columns(), ", ")));
      return;
    }
    for (std::size_t i = 1; i < header.cells.size(); ++i) {
      check_name(header.cells[i], header.line, i);
    }
    while (const auto row = rows_.next()) {
      if (!read_line(header, *corner, *row)) return;
    }
  }

  bool read_line(const CsvRow& header, const Column& column, const CsvRow& row) {
    const std::string& from = row.cells.front();
    if (row.cells.size() != header.cells.size()) {
      problems_.at(row.line, 0,
                   fmt::format("a row has as many cells as the first line: {}, not {}",
                               header.cells.size(), row.cells.size()));
      return true;
    }
    if (std::find(header.cells.begin() + 1, header.cells.end(), from) == header.cells.end()) {
      problems_.at(row.line, 0, fmt::format("`{}` has a row, but no column", from));
      return true;
    }
    for (std::size_t i = 1; i < row.cells.size(); ++i) {
      const std::string& cell = row.cells[i];
      if (cell.empty() || cell == "-") continue;
      RegionLink link;
      link.from = from;
      link.to = header.cells[i];
      link.delay_ns = number(cell, column, row.line, i);
      if (!add(std::move(link), row.line, i)) return false;
    }
    return true;
  }

  // ----- of both -----

  // False: that is enough.
  bool add(RegionLink link, unsigned line, std::size_t cell) {
    if (links_.size() >= kCsvRowsMax) {
      problems_.at(line, cell, fmt::format("more than {} pairs", kCsvRowsMax));
      return false;
    }
    if (!pairs_.emplace(link.from, link.to).second) {
      problems_.at(line, cell, fmt::format("{} to {} stands here twice", link.from, link.to));
    }
    links_.push_back(std::move(link));
    return true;
  }

  void check_name(std::string_view name, unsigned line, std::size_t cell) {
    const std::string wrong = check_region(name);
    if (!wrong.empty()) problems_.at(line, cell, wrong);
  }

  // In the smallest unit.
  std::int64_t number(const std::string& cell, const Column& column, unsigned line,
                      std::size_t at) {
    const std::int64_t limit = column.role == ColumnRole::loss ? kWholePpm : kDelayLimit.count();
    std::string wrong;
    if (cell.empty() || cell.find_first_not_of("0123456789.") != std::string::npos) {
      wrong = fmt::format("expected a number, as in 90 or 90.5, found `{}`", cell);
    } else if (cell.find('.') == std::string::npos) {
      const auto whole = parse_count(cell, static_cast<std::uint64_t>(limit / column.factor));
      if (whole) return static_cast<std::int64_t>(*whole) * column.factor;
      wrong = whole.error();
    } else {
      const auto scaled = parse_scaled(cell, column.factor);
      const bool vanished =
          scaled && *scaled == 0 && cell.find_first_of("123456789") != std::string::npos;
      if (scaled && *scaled <= limit && !vanished) return *scaled;
      wrong = !scaled    ? scaled.error()
              : vanished ? fmt::format("{} is finer than what is kept", cell)
                         : fmt::format("{} is more than {}", cell, limit / column.factor);
    }
    problems_.at(line, at, fmt::format("{}: {}", column.name, wrong));
    return 0;
  }

  void mirror() {
    const std::size_t given = links_.size();
    for (std::size_t i = 0; i < given; ++i) {
      if (pairs_.find({links_[i].to, links_[i].from}) != pairs_.end()) continue;
      RegionLink back = links_[i];
      std::swap(back.from, back.to);
      links_.push_back(std::move(back));
    }
  }

  CsvProblems problems_;
  CsvRows rows_;
  std::string_view unit_;
  std::vector<const Column*> columns_;
  std::vector<RegionLink> links_;
  std::set<std::pair<std::string, std::string>> pairs_;
};

}  // namespace

const std::vector<std::string_view>& delay_columns() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> delays;
    for (const Column& column : kRegionColumns) {
      if (column.role == ColumnRole::delay) delays.push_back(column.name);
    }
    return delays;
  }();
  return names;
}

tl::expected<std::vector<RegionLink>, Diagnostics> parse_region_csv(const std::string& text,
                                                                    const std::string& file,
                                                                    std::string_view unit) {
  if (text.size() > kCsvBytesMax) {
    return tl::unexpected(Diagnostics{
        {file, {}, fmt::format("the file is larger than {} MiB", kCsvBytesMax >> 20), {}}});
  }
  return RegionParser(text, file, unit).parse();
}

}  // namespace macula::sim
