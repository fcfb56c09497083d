#include "sim/cli/label_table.h"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <string_view>

#include "base/text/printable.h"
#include "sim/study/aligned.h"
#include "sim/study/quantity.h"

namespace macula::sim {
namespace {

constexpr std::size_t kRowsMax = 50;
constexpr std::string_view kSuccess = "success_rate(";
using Row = std::vector<std::string>;

const Summary* find(const RunResult& run, const std::string& metric, const std::string& label) {
  const auto found = run.metrics.find(metric + "(" + label + ")");
  return found == run.metrics.end() ? nullptr : &found->second;
}

Row row_of(const RunResult& run, const std::string& label, const Summary& success) {
  Row row{printable(label, Lines::one),
          grouped(success.count),
          short_text(success.mean, "rate"),
          "-",
          "-",
          "-",
          "-",
          "-"};
  if (const Summary* latency = find(run, "latency_ms", label)) {
    const std::array<double, 4> times{latency->mean, latency->p50, latency->p95, latency->p99};
    for (std::size_t i = 0; i < times.size(); ++i) row[3 + i] = short_text(times[i], "ms");
  }
  if (const Summary* requests = find(run, "lookup.rpcs", label)) {
    row[7] = short_text(requests->mean, "count");
  }
  return row;
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
  std::vector<std::string> lines = aligned(rows);
  if (left_out > 0) lines.push_back(fmt::format("and {} more labels", left_out));
  return lines;
}

}  // namespace macula::sim
