#include "sim/cli/label_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "sim/study/quantity.h"

namespace macula::sim {
namespace {

constexpr std::size_t kColumns = 8;
constexpr std::size_t kRowsMax = 50;
constexpr std::string_view kSuccess = "success_rate(";
using Row = std::array<std::string, kColumns>;

const Summary* find(const RunResult& run, const std::string& metric, const std::string& label) {
  const auto found = run.metrics.find(metric + "(" + label + ")");
  return found == run.metrics.end() ? nullptr : &found->second;
}

Row row_of(const RunResult& run, const std::string& label, const Summary& success) {
  Row row{label, grouped(success.count), short_text(success.mean, "rate"), "-", "-", "-", "-", "-"};
  if (const Summary* latency = find(run, "latency_ms", label)) {
    const std::array<double, 4> times{latency->mean, latency->p50, latency->p95, latency->p99};
    for (std::size_t i = 0; i < times.size(); ++i) row[3 + i] = short_text(times[i], "ms");
  }
  if (const Summary* requests = find(run, "lookup.rpcs", label)) {
    row[7] = short_text(requests->mean, "count");
  }
  return row;
}

// Characters on the screen: bytes that do not continue one.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
  }));
}

}  // namespace

std::vector<std::string> label_table(const RunResult& run) {
  std::vector<Row> rows{
      {"label", "operations", "success", "mean", "p50", "p95", "p99", "requests"}};
  std::size_t left_out = 0;
  for (auto at = run.metrics.lower_bound(std::string(kSuccess));
       at != run.metrics.end() && at->first.compare(0, kSuccess.size(), kSuccess) == 0; ++at) {
    if (rows.size() > kRowsMax) {
      ++left_out;
      continue;
    }
    const std::size_t length = at->first.size() - kSuccess.size() - 1;
    rows.push_back(row_of(run, at->first.substr(kSuccess.size(), length), at->second));
  }
  if (rows.size() == 1) return {};
  std::array<std::size_t, kColumns> widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < kColumns; ++i) widths[i] = std::max(widths[i], width(row[i]));
  }
  std::vector<std::string> lines;
  for (const Row& row : rows) {
    std::string line = row[0] + std::string(widths[0] - width(row[0]), ' ');
    for (std::size_t i = 1; i < kColumns; ++i) {
      line += "  " + std::string(widths[i] - width(row[i]), ' ') + row[i];
    }
    lines.push_back(std::move(line));
  }
  if (left_out > 0) lines.push_back(fmt::format("and {} more labels", left_out));
  return lines;
}

}  // namespace macula::sim
