#include "sim/study/run_means.h"

#include <fmt/format.h>

#include <optional>
#include <string_view>

#include "sim/study/quantity.h"

namespace macula::sim {
namespace {

// Over all labels, as often as there were operations.
std::optional<double> success_of(const RunResult& run) {
  double sum = 0;
  std::uint64_t count = 0;
  for (const auto& [name, summary] : run.metrics) {
    if (name.rfind("success_rate(", 0) != 0) continue;
    sum += summary.mean * static_cast<double>(summary.count);
    count += summary.count;
  }
  if (count == 0) return std::nullopt;
  return sum / static_cast<double>(count);
}

std::optional<double> figure(const RunResult& run, const char* metric, double Summary::*value) {
  const auto found = run.metrics.find(metric);
  if (found == run.metrics.end() || found->second.count == 0) return std::nullopt;
  return found->second.*value;
}

struct Column {
  std::string_view title;
  std::string_view unit;
  std::optional<double> (*value)(const RunResult&);
};
constexpr const char* kLatency = "lookup.latency_ms";
constexpr std::array<Column, 5> kMeans{
    {{"success", "rate", success_of},
     {"recall", "rate",
      [](const RunResult& run) { return figure(run, "lookup.recall", &Summary::mean); }},
     {"lookup p50", "ms",
      [](const RunResult& run) { return figure(run, kLatency, &Summary::p50); }},
     {"p99", "ms", [](const RunResult& run) { return figure(run, kLatency, &Summary::p99); }},
     {"messages", "count", [](const RunResult& run) {
        return std::optional<double>(static_cast<double>(run.messages));
      }}}};

}  // namespace

void RunMeans::append_titles_to(std::vector<std::string>& row) {
  row.emplace_back("passed");
  for (const Column& column : kMeans) row.emplace_back(column.title);
}

void RunMeans::add(const RunResult& run) {
  ++runs_;
  if (run.passed) ++passed_;
  for (std::size_t i = 0; i < kColumns; ++i) {
    if (const auto value = kMeans[i].value(run)) {
      means_[i].sum += *value;
      ++means_[i].count;
    }
  }
}

void RunMeans::append_to(std::vector<std::string>& row) const {
  row.push_back(fmt::format("{} of {}", passed_, runs_));
  for (std::size_t i = 0; i < kColumns; ++i) {
    const auto& [sum, count] = means_[i];
    row.push_back(count == 0 ? "-" : short_text(sum / static_cast<double>(count), kMeans[i].unit));
  }
}

}  // namespace macula::sim
