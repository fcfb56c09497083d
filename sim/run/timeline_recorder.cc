#include "sim/run/timeline_recorder.h"

#include <algorithm>

#include "sim/scenario/error_codes.h"

namespace macula::sim {

TimelineRecorder::TimelineRecorder(World& world) : world_(world) {
  const Duration duration = std::max(world.scenario().duration, Duration{1});
  const auto bins = static_cast<Duration::rep>(kBins);
  width_ = Duration{(duration.count() + bins - 1) / bins};
  count_ = static_cast<std::size_t>((duration.count() + width_.count() - 1) / width_.count());
  timeline_.bin_ns = width_.count();
  add_happenings(world.scenario(), kHappeningsMax, timeline_);
}

void TimelineRecorder::schedule() {
  const Time end = kTimeZero + world_.scenario().duration;
  for (std::size_t i = 1; i <= count_; ++i) {
    const Time at = kTimeZero + width_ * static_cast<Duration::rep>(i);
    world_.network().look_at(std::min(at, end), [this] { look(); });
  }
}

void TimelineRecorder::look() {
  const Network& network = world_.network();
  std::uint64_t bytes = 0;
  std::uint64_t up = 0;
  for (NodeNumber node = 0; node < world_.size(); ++node) {
    bytes += network.bytes_sent(node);
    up += network.up(node) ? 1 : 0;
  }
  timeline_.messages.push_back(network.log().messages() - messages_);
  timeline_.bytes.push_back(bytes - bytes_);
  timeline_.up.push_back(up);
  messages_ = network.log().messages();
  bytes_ = bytes;
}

void TimelineRecorder::on_operation(const Operation& operation) {
  if (operation.error == kUnfinished) return;
  add(all_, operation);
  const std::string& label = *operation.label;
  if (label.empty()) return;
  const auto found = by_label_.find(label);
  if (found != by_label_.end()) {
    add(found->second, operation);
  } else if (by_label_.size() < kLabelsMax) {
    add(by_label_[label], operation);
  } else {
    left_out_[label] = true;
  }
}

void TimelineRecorder::add(Bins& bins, const Operation& operation) const {
  const auto begun = static_cast<std::size_t>((operation.started - kTimeZero) / width_);
  if (bins.empty()) bins.resize(count_);
  Bin& bin = bins[std::min(begun, count_ - 1)];
  bin.failed += operation.error.empty() ? 0 : 1;
  const Duration took = world_.network().now() - operation.started;
  bin.latency.add(static_cast<std::uint64_t>(took.count()));
}

TimelineOperations TimelineRecorder::summed_up(const Bins& bins) const {
  TimelineOperations operations;
  for (std::size_t i = 0; i < bins.size() && i < timeline_.messages.size(); ++i) {
    const Bin& bin = bins[i];
    const bool any = bin.latency.count() != 0;
    operations.ended.push_back(bin.latency.count());
    operations.failed.push_back(bin.failed);
    operations.p50_ns.push_back(any ? std::optional(bin.latency.percentile(500'000))
                                    : std::nullopt);
    operations.p99_ns.push_back(any ? std::optional(bin.latency.percentile(990'000))
                                    : std::nullopt);
  }
  return operations;
}

Timeline TimelineRecorder::timeline() const {
  Timeline timeline = timeline_;
  timeline.operations = summed_up(all_);
  for (const auto& [label, bins] : by_label_) timeline.by_label[label] = summed_up(bins);
  timeline.labels_left_out = left_out_.size();
  return timeline;
}

}  // namespace macula::sim
