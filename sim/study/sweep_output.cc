#include "sim/study/sweep_output.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "base/text/printable.h"
#include "sim/study/aligned.h"
#include "sim/study/text.h"

namespace macula::sim {
namespace {

constexpr const char* kStatisticTitles = "count,mean,min,p50,p75,p90,p95,p99,p99.9,max";

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
    : sweep_(sweep), file_(csv), points_(sweep.points.size()) {}

void SweepOutput::begin() {
  csv_ = &file_->begin();
  *csv_ << "scenario";
  for (const SweepAxis& axis : sweep_.axes) *csv_ << ',' << csv_cell(axis.key);
  *csv_ << ",seed,verdict,metric," << kStatisticTitles << '\n';
}

std::string SweepOutput::close() {
  if (file_ == nullptr) return {};
  if (csv_ == nullptr) begin();
  return file_->close();
}

void SweepOutput::add(std::size_t run, const RunResult& result) {
  points_[run / sweep_.seeds].add(result);
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
  RunMeans::append_titles_to(head);
  std::vector<std::vector<std::string>> rows{head};
  for (std::size_t i = 0; i < points_.size(); ++i) {
    if (points_[i].runs() == 0) continue;
    std::vector<std::string> row;
    for (const std::string& value : sweep_.points[i]) row.push_back(printable(value, Lines::one));
    points_[i].append_to(row);
    rows.push_back(std::move(row));
  }
  return aligned(rows);
}

}  // namespace macula::sim
