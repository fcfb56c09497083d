#include "sim/study/sweep_output.h"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <string_view>

#include "base/text/printable.h"
#include "sim/study/aligned.h"
#include "sim/study/quantity.h"
#include "sim/study/text.h"

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
constexpr std::array<Column, 5> kColumns{
    {{"success", "rate", success_of},
     {"recall", "rate",
      [](const RunResult& run) { return figure(run, "lookup.recall", &Summary::mean); }},
     {"lookup p50", "ms",
      [](const RunResult& run) { return figure(run, kLatency, &Summary::p50); }},
     {"p99", "ms", [](const RunResult& run) { return figure(run, kLatency, &Summary::p99); }},
     {"messages", "count", [](const RunResult& run) {
        return std::optional<double>(static_cast<double>(run.messages));
      }}}};

constexpr const char* kStatistics = "count,mean,min,p50,p75,p90,p95,p99,p99.9,max";

std::string statistics_of(const Summary& summary) {
  return fmt::format("{},{},{},{},{},{},{},{},{},{}", summary.count, summary.mean, summary.min,
                     summary.p50, summary.p75, summary.p90, summary.p95, summary.p99, summary.p99_9,
                     summary.max);
}

}  // namespace

std::string csv_cell(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string cell = "\"";
  for (const char c : text) cell += c == '"' ? std::string("\"\"") : std::string(1, c);
  return cell + "\"";
}

SweepOutput::SweepOutput(const SweepBatch& sweep, OutputFile* csv)
    : sweep_(sweep), file_(csv), points_(sweep.points.size()) {
  for (Point& point : points_) point.means.resize(kColumns.size());
}

void SweepOutput::begin() {
  csv_ = &file_->begin();
  *csv_ << "scenario";
  for (const SweepAxis& axis : sweep_.axes) *csv_ << ',' << csv_cell(axis.key);
  *csv_ << ",seed,verdict,metric," << kStatistics << '\n';
}

std::string SweepOutput::close() {
  if (file_ == nullptr) return {};
  if (csv_ == nullptr) begin();
  return file_->close();
}

void SweepOutput::add(std::size_t run, const RunResult& result) {
  Point& point = points_[run / sweep_.seeds];
  ++point.runs;
  if (result.passed) ++point.passed;
  for (std::size_t i = 0; i < kColumns.size(); ++i) {
    if (const auto value = kColumns[i].value(result)) point.means[i].add(*value);
  }
  if (file_ != nullptr) write_rows(run, result);
}

void SweepOutput::write_rows(std::size_t run, const RunResult& result) {
  if (csv_ == nullptr) begin();
  std::string start = csv_cell(result.scenario);
  for (const std::string& value : sweep_.points[run / sweep_.seeds]) start += "," + csv_cell(value);
  start += fmt::format(",{},{},", result.seed, verdict_name(result));
  const auto all = static_cast<double>(result.messages);
  const Summary messages{1, all, all, all, all, all, all, all, all, all};
  *csv_ << start << "messages," << statistics_of(messages) << '\n';
  for (const auto& [name, summary] : result.metrics) {
    *csv_ << start << csv_cell(name) << ',' << statistics_of(summary) << '\n';
  }
  csv_->flush();
}

std::vector<std::string> SweepOutput::table() const {
  std::vector<std::string> head;
  for (const SweepAxis& axis : sweep_.axes) head.push_back(printable(axis.key, Lines::one));
  head.emplace_back("passed");
  for (const Column& column : kColumns) head.emplace_back(column.title);
  std::vector<std::vector<std::string>> rows{head};
  for (std::size_t i = 0; i < points_.size(); ++i) {
    const Point& point = points_[i];
    if (point.runs == 0) continue;
    std::vector<std::string> row;
    for (const std::string& value : sweep_.points[i]) row.push_back(printable(value, Lines::one));
    row.push_back(fmt::format("{} of {}", point.passed, point.runs));
    for (std::size_t column = 0; column < kColumns.size(); ++column) {
      const Mean& mean = point.means[column];
      row.push_back(mean.count == 0 ? "-"
                                    : short_text(mean.sum / static_cast<double>(mean.count),
                                                 kColumns[column].unit));
    }
    rows.push_back(std::move(row));
  }
  return aligned(rows);
}

}  // namespace macula::sim
