#include "sim/report/pictures.h"

#include <algorithm>
#include <optional>

namespace macula::sim {
namespace {

void add_up(const std::vector<std::uint64_t>& from, std::vector<std::uint64_t>& to) {
  if (to.size() < from.size()) to.resize(from.size());
  for (std::size_t i = 0; i < from.size(); ++i) to[i] += from[i];
}

void add_up(const std::vector<std::optional<std::uint64_t>>& from, std::vector<double>& to) {
  if (to.size() < from.size()) to.resize(from.size());
  for (std::size_t i = 0; i < from.size(); ++i) to[i] += static_cast<double>(from[i].value_or(0));
}

void add_up(const TimelineOperations& from, SummedOperations& to) {
  add_up(from.ended, to.ended);
  add_up(from.failed, to.failed);
  add_up(from.p50_ns, to.p50_ns);
  add_up(from.p99_ns, to.p99_ns);
  std::vector<std::uint64_t> any(from.ended.size());
  for (std::size_t i = 0; i < any.size(); ++i) any[i] = from.p50_ns[i] ? 1 : 0;
  add_up(any, to.runs);
}

void add_up(const Timeline& from, SummedTimeline& to) {
  // All of one scenario have the same.
  if (to.runs != 0 && to.bin_ns != from.bin_ns) return;
  ++to.runs;
  to.bin_ns = from.bin_ns;
  add_up(from.messages, to.messages);
  add_up(from.bytes, to.bytes);
  add_up(from.up, to.up);
  add_up(std::vector<std::uint64_t>(from.messages.size(), 1), to.bin_runs);
  add_up(from.operations, to.operations);
  for (const auto& [label, operations] : from.by_label) add_up(operations, to.by_label[label]);
}

}  // namespace

void Pictures::add(const RunResult& run) {
  for (const auto& [metric, bars] : run.histograms) {
    Distribution& distribution = distributions_[metric];
    for (const HistogramBar& bar : bars) distribution[bar.value] += bar.count;
  }
  if (!run.timeline) return;
  add_up(*run.timeline, together_);
  if (run.passed) {
    keep(run, kPassedKept, passed_);
  } else {
    keep(run, kFailedKept, failed_);
  }
}

void Pictures::keep(const RunResult& run, std::size_t most, BySeed& kept) {
  if (kept.size() == most && run.seed > std::prev(kept.end())->first) return;
  kept.emplace(run.seed, run);
  if (kept.size() > most) kept.erase(std::prev(kept.end()));
}

std::vector<const RunResult*> Pictures::alone() const {
  std::vector<const RunResult*> runs;
  for (const BySeed* kept : {&failed_, &passed_}) {
    for (const auto& [seed, run] : *kept) runs.push_back(&run);
  }
  return runs;
}

}  // namespace macula::sim
