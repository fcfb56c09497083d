#include "sim/scenario/trace_csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>

#include "base/text/units.h"
#include "sim/scenario/csv_reader.h"
#include "sim/scenario/selector_members.h"

namespace macula::sim {
namespace {

using Reader = CsvReader<3>;

class Parser {
 public:
  Parser(const std::string& text, const std::string& file, const PopulationNames& names,
         const Selector& applies_to)
      : text_(text),
        file_(file),
        names_(names),
        members_(members_of(applies_to, names)),
        problems_(text, file) {}

  tl::expected<std::vector<TraceEvent>, Diagnostics> parse() {
    try {
      Reader reader(file_, text_.data(), text_.data() + text_.size());
      reader.read_header(io::ignore_no_column, "time", "node", "event");
      while (!problems_.full() && read_row(reader)) {
      }
    } catch (const io::error::line_length_limit_exceeded& error) {
      problems_.at(static_cast<unsigned>(error.file_line), 0, "the line is too long");
    } catch (const io::error::base&) {
      problems_.at(1, 0, "the first line names the columns: time,node,event");
    }
    if (!problems_.empty()) return tl::unexpected(problems_.take());
    std::stable_sort(events_.begin(), events_.end(),
                     [](const TraceEvent& a, const TraceEvent& b) { return a.time < b.time; });
    return std::move(events_);
  }

 private:
  // False at the end.
  bool read_row(Reader& reader) {
    char* time = nullptr;
    char* node = nullptr;
    char* event = nullptr;
    try {
      if (!reader.read_row(time, node, event)) return false;
    } catch (const io::error::too_few_columns&) {
      return wrong_columns(reader.get_file_line());
    } catch (const io::error::too_many_columns&) {
      return wrong_columns(reader.get_file_line());
    }
    const unsigned line = reader.get_file_line();
    if (events_.size() >= kCsvRowsMax) {
      problems_.at(line, 0, fmt::format("more than {} rows", kCsvRowsMax));
      return false;
    }
    TraceEvent row;
    if (const auto parsed = parse_duration(time)) {
      row.time = *parsed;
    } else {
      problems_.at(line, 0, fmt::format("time: {}", parsed.error()));
    }
    row.node = node;
    std::string wrong = check_node_name(row.node, names_);
    if (wrong.empty() && !members_.contains(row.node)) {
      wrong = fmt::format("`applies_to` does not stand for `{}`", row.node);
    }
    if (!wrong.empty()) problems_.at(line, 1, wrong);
    const std::string_view word = event;
    row.up = word == "up";
    if (word != "up" && word != "down") {
      problems_.at(line, 2, fmt::format("event is up or down, not `{}`", word));
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
      problems_.at(line, 0, fmt::format("the events of `{}` are not in order of time", row.node));
    } else if (up == row.up) {
      problems_.at(line, 2, fmt::format("`{}` is {} already", row.node, up ? "up" : "down"));
    }
    time = row.time;
    up = row.up;
  }

  bool wrong_columns(unsigned line) {
    problems_.at(line, 0, "a row has 3 columns: time,node,event");
    return true;
  }

  const std::string& text_;
  const std::string& file_;
  const PopulationNames& names_;
  const SelectorMembers members_;
  CsvProblems problems_;
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
  return Parser(text, file, names, applies_to).parse();
}

}  // namespace macula::sim
