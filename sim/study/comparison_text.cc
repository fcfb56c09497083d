#include "sim/study/comparison_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "base/text/printable.h"
#include "sim/study/aligned.h"
#include "sim/study/quantity.h"

namespace macula::sim {
namespace {

using OrderedJson = nlohmann::ordered_json;
using Row = std::vector<std::string>;
constexpr std::size_t kBrokenShown = 5;

// Less of A than this comes of adding up in another order.
constexpr double kRounding = 1e-9;

// As a share of A, where A is not 0.
std::string change_text(const ComparedRow& row, double change) {
  if (std::isinf(change)) return change < 0 ? "-inf" : "inf";
  if (std::abs(change) < kRounding * std::abs(row.a)) change = 0;
  if (row.a == 0) return Quantity(change, row.gauge.unit).difference(change);
  return fmt::format("{:+.3g} %", 100 * change / std::abs(row.a));
}

Row cells_of(const ComparedRow& row) {
  return {printable(row.gauge.name, Lines::one),
          short_text(row.a, row.gauge.unit),
          short_text(row.b, row.gauge.unit),
          change_text(row, row.change),
          change_text(row, row.interval.low) + " to " + change_text(row, row.interval.high),
          fmt::format("{:.2g}", row.p_value),
          std::string(verdict_name(row.verdict))};
}

// "95 %", "99.999997 %": beyond the nines.
std::string level_text(double level) {
  const int nines = std::max(2, static_cast<int>(std::ceil(-std::log10(level))));
  return fmt::format("{:.{}g} %", 100 * (1 - level), nines + 1);
}

std::vector<Row> table_of(const PairedComparison& comparison) {
  std::vector<Row> table{
      {"metric", "A", "B", "change", level_text(comparison.level) + " interval", "p", "verdict"}};
  for (const ComparedRow& row : comparison.rows) table.push_back(cells_of(row));
  return table;
}

std::string title_of(const std::string& settings) {
  return settings.empty() ? "the file as it is" : printable(settings, Lines::one);
}

// How much pairing helped, and the least change that would have been seen.
std::vector<std::string> power_lines(const PairedComparison& comparison, const Compared& compared) {
  std::vector<std::string> lines;
  lines.push_back(fmt::format("{} of {} identical, digest by digest", comparison.identical,
                              counted(comparison.seeds, "run")));
  for (const ComparedRow& row : comparison.rows) {
    if (row.verdict != Verdict::unsure && row.verdict != Verdict::worse) continue;
    const double least = row.detectable();
    const std::string seen = std::isfinite(least)
                                 ? "a change of " + change_text(row, least) + " would be seen"
                                 : "so few seeds would show no change";
    lines.push_back(fmt::format("{}: pairing left {:.0f} % of the noise; {}; worst seed {}",
                                printable(row.gauge.name, Lines::one), 100 * row.noise, seen,
                                row.worst_seed));
  }
  if (const auto seed = seed_to_look_at(comparison); seed && compared.diff) {
    lines.push_back("where they part: " + printable(compared.diff->of(seed->seed), Lines::one));
  }
  for (std::size_t i = 0; i < comparison.broken.size() && i < kBrokenShown; ++i) {
    lines.push_back(fmt::format("held in A and not in B, seed {}: {}", comparison.broken[i].seed,
                                printable(comparison.broken[i].what, Lines::one)));
  }
  if (comparison.broken.size() > kBrokenShown) {
    lines.push_back(fmt::format("and {} more of these", comparison.broken.size() - kBrokenShown));
  }
  return lines;
}

OrderedJson number(double value) {
  return std::isfinite(value) ? OrderedJson(value) : OrderedJson(nullptr);
}

// Shown between backquotes, in a cell of a table.
std::string code(const std::string& text) {
  std::string shown = printable(text, Lines::one);
  for (char& c : shown) {
    if (c == '`' || c == '|') c = '\'';
  }
  return "`" + shown + "`";
}

}  // namespace

std::string conclusion(const PairedComparison& comparison) {
  std::string text(verdict_name(comparison.verdict));
  std::string names;
  for (const ComparedRow& row : comparison.rows) {
    if (row.verdict != comparison.verdict || row.verdict == Verdict::same) continue;
    names += (names.empty() ? ": " : ", ") + printable(row.gauge.name, Lines::one);
  }
  if (names.empty() && !comparison.broken.empty()) names = ": what held in A does not in B";
  return text + names;
}

std::vector<std::string> comparison_lines(const PairedComparison& comparison,
                                          const Compared& compared) {
  std::vector<std::string> lines{fmt::format("{}, {}", printable(compared.file, Lines::one),
                                             counted(comparison.seeds, "seed")),
                                 "A: " + title_of(compared.a), "B: " + title_of(compared.b), ""};
  // The verdict, which comes last, to the left.
  std::vector<Row> numbers = table_of(comparison);
  std::vector<std::string> verdicts;
  for (Row& row : numbers) {
    verdicts.push_back(std::move(row.back()));
    row.pop_back();
  }
  const std::vector<std::string> table = aligned(numbers);
  for (std::size_t i = 0; i < table.size(); ++i) lines.push_back(table[i] + "  " + verdicts[i]);
  lines.emplace_back();
  for (std::string& line : power_lines(comparison, compared)) lines.push_back(std::move(line));
  lines.push_back(conclusion(comparison));
  return lines;
}

std::string comparison_json(const PairedComparison& comparison, const Compared& compared) {
  OrderedJson rows = OrderedJson::array();
  for (const ComparedRow& row : comparison.rows) {
    rows.push_back({{"metric", row.gauge.name},
                    {"unit", row.gauge.unit},
                    {"tolerance", row.gauge.tolerance},
                    {"a", row.a},
                    {"b", row.b},
                    {"change", row.change},
                    {"low", number(row.interval.low)},
                    {"high", number(row.interval.high)},
                    {"p_value", row.p_value},
                    {"detectable", number(row.detectable())},
                    {"paired_noise", row.noise},
                    {"worst_seed", row.worst_seed},
                    {"verdict", verdict_name(row.verdict)}});
  }
  OrderedJson broken = OrderedJson::array();
  for (const Broken& each : comparison.broken) {
    broken.push_back({{"seed", each.seed}, {"what", each.what}});
  }
  const OrderedJson json = {{"schema", 1},
                            {"file", compared.file},
                            {"a", compared.a},
                            {"b", compared.b},
                            {"seeds", comparison.seeds},
                            {"identical", comparison.identical},
                            {"level", comparison.level},
                            {"rows", rows},
                            {"broken", broken},
                            {"verdict", verdict_name(comparison.verdict)}};
  return json.dump(2, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
}

std::string comparison_markdown(const PairedComparison& comparison, const Compared& compared) {
  std::string text = fmt::format("**{}** ({}, {})\n\n", verdict_name(comparison.verdict),
                                 code(compared.file), counted(comparison.seeds, "seed"));
  text += fmt::format("A: {}, B: {}\n\n", code(title_of(compared.a)), code(title_of(compared.b)));
  const auto table = table_of(comparison);
  for (std::size_t i = 0; i < table.size(); ++i) {
    text += "| " + (i == 0 ? table[i][0] : code(table[i][0]));
    for (std::size_t cell = 1; cell < table[i].size(); ++cell) text += " | " + table[i][cell];
    text += " |\n";
    if (i == 0) text += "|---|---:|---:|---:|---:|---:|---|\n";
  }
  for (const std::string& line : power_lines(comparison, compared)) text += "\n- " + code(line);
  return text + "\n";
}

}  // namespace macula::sim
