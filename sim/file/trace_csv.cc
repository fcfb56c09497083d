#include "sim/file/trace_csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>

#include "base/text/units.h"
#include "sim/file/csv_rows.h"
#include "sim/file/selector_members.h"

namespace macula::sim {
namespace {

constexpr std::array<std::string_view, 3> kTraceColumns{"time", "node", "event"};

class TraceParser {
 public:
  TraceParser(const std::string& text, const std::string& file, const PopulationNames& names,
              const Selector& applies_to)
      : text_(text),
        names_(names),
        members_(members_of(applies_to, names)),
        problems_(text, file) {}

  tl::expected<std::vector<TraceEvent>, Diagnostics> parse() {
    CsvRows rows(text_, problems_);
    const auto header = rows.next();
    if (!header ? problems_.empty() : !read_columns(*header)) {
      problems_.at(header ? header->line : 1, 0,
                   "the first line names the columns: time,node,event");
    }
    if (!problems_.empty()) return tl::unexpected(problems_.take());
    while (const auto row = rows.next()) {
      if (!read_row(*row)) break;
    }
    if (!problems_.empty()) return tl::unexpected(problems_.take());
    std::stable_sort(events_.begin(), events_.end(),
                     [](const TraceEvent& a, const TraceEvent& b) { return a.time < b.time; });
    return std::move(events_);
  }

 private:
  // In any order.
  bool read_columns(const CsvRow& header) {
    for (std::size_t i = 0; i < kTraceColumns.size(); ++i) {
      const auto at = std::find(header.cells.begin(), header.cells.end(), kTraceColumns[i]);
      if (at == header.cells.end()) return false;
      cell_of_[i] = static_cast<std::size_t>(at - header.cells.begin());
    }
    return header.cells.size() == kTraceColumns.size();
  }

  // False: that is enough.
  bool read_row(const CsvRow& csv) {
    const unsigned line = csv.line;
    if (csv.cells.size() != kTraceColumns.size()) {
      problems_.at(line, 0, "a row has 3 columns: time,node,event");
      return true;
    }
    if (events_.size() >= kCsvRowsMax) {
      problems_.at(line, 0, fmt::format("more than {} rows", kCsvRowsMax));
      return false;
    }
    const auto& [time_cell, node_cell, event_cell] = cell_of_;
    const std::string& time = csv.cells[time_cell];
    const std::string& word = csv.cells[event_cell];
    TraceEvent row;
    if (const auto parsed = parse_duration(time)) {
      row.time = *parsed;
    } else {
      problems_.at(line, time_cell, fmt::format("time: {}", parsed.error()));
    }
    row.node = csv.cells[node_cell];
    std::string wrong = check_node_name(row.node, names_);
    if (wrong.empty() && !members_.contains(row.node)) {
      wrong = fmt::format("`applies_to` does not stand for `{}`", row.node);
    }
    if (!wrong.empty()) problems_.at(line, node_cell, wrong);
    row.up = word == "up";
    if (word != "up" && word != "down") {
      problems_.at(line, event_cell, fmt::format("event is up or down, not `{}`", word));
    } else {
      check_order(row, line);
    }
    events_.push_back(std::move(row));
    return true;
  }

  // The events of a node come in order, and each changes something.
  void check_order(const TraceEvent& row, unsigned line) {
    const auto [last, first] = last_.try_emplace(row.node, row.time, row.up);
    if (first) return;
    auto& [time, up] = last->second;
    if (row.time <= time) {
      problems_.at(line, cell_of_[0],
                   fmt::format("the events of `{}` are not in order of time", row.node));
    } else if (up == row.up) {
      problems_.at(line, cell_of_[2],
                   fmt::format("`{}` is {} already", row.node, up ? "up" : "down"));
    }
    time = row.time;
    up = row.up;
  }

  const std::string& text_;
  const PopulationNames& names_;
  const SelectorMembers members_;
  CsvProblems problems_;
  std::array<std::size_t, kTraceColumns.size()> cell_of_{};  // where each column stands
  std::vector<TraceEvent> events_;
  std::map<std::string, std::pair<Duration, bool>> last_;  // of each node
};

}  // namespace

tl::expected<std::vector<TraceEvent>, Diagnostics> parse_trace_csv(const std::string& text,
                                                                   const std::string& file,
                                                                   const PopulationNames& names,
                                                                   const Selector& applies_to) {
  if (text.size() > kCsvBytesMax) {
    return tl::unexpected(Diagnostics{
        {file, {}, fmt::format("the file is larger than {} MiB", kCsvBytesMax >> 20), {}}});
  }
  return TraceParser(text, file, names, applies_to).parse();
}

}  // namespace macula::sim
