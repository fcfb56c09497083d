#include "sim/scenario/record_oracle.h"

#include <algorithm>
#include <set>

#include "sim/scenario/metric_parse.h"

namespace macula::sim {

RecordOracle::RecordOracle(World& world) : world_(&world) {
  for (const Expectation& expectation : world.scenario().expectations) {
    const Metric& metric = expectation.metric;
    if (!metric.age) continue;
    const auto [first, end] = ages_.equal_range(metric.label);
    const bool known = std::any_of(
        first, end, [&](const auto& labelled) { return labelled.second == *metric.age; });
    if (!known) ages_.emplace(metric.label, *metric.age);
  }
}

void RecordOracle::stored(const dht::Key& key, const std::string& label, NodeNumber by) {
  const Time now = world_->network().now();
  const Time due = now + world_->protocol(by).ttl;
  const auto [known, fresh] = by_key_.try_emplace(key, records_.size());
  if (!fresh) {
    set_due(records_[known->second], by, due);
    return;
  }
  records_.push_back({key, &label, now, {{by, due}}});
  std::set<Duration> ages;
  for (const auto& [wanted, age] : ages_) {
    if (speaks_of(wanted, label)) ages.insert(age);
  }
  for (const Duration after : ages) {
    world_->network().look_at(now + after, [this, index = records_.size() - 1, after] {
      const Record& record = records_[index];
      if (aged_) aged_(*record.label, record.first, after, !held_by_any(record));
    });
  }
}

void RecordOracle::set_due(Record& record, NodeNumber by, Time due) {
  for (Publisher& publisher : record.publishers) {
    if (publisher.node != by) continue;
    publisher.due = due;
    return;
  }
  record.publishers.push_back({by, due});
}

void RecordOracle::republished(const dht::Key& key, NodeNumber by) {
  const auto known = by_key_.find(key);
  if (known == by_key_.end()) return;
  set_due(records_[known->second], by, world_->network().now() + world_->protocol(by).ttl);
}

bool RecordOracle::withdrawn(const dht::Key& key, NodeNumber by) {
  const Time now = world_->network().now();
  const auto known = by_key_.find(key);
  if (known == by_key_.end()) return false;
  Record& record = records_[known->second];
  const bool due = std::any_of(
      record.publishers.begin(), record.publishers.end(),
      [&](const Publisher& publisher) { return publisher.node == by && publisher.due > now; });
  set_due(record, by, now);
  return due;
}

Time RecordOracle::Record::due() const {
  Time last{};
  for (const Publisher& publisher : publishers) last = std::max(last, publisher.due);
  return last;
}

bool RecordOracle::holds(NodeNumber node, const dht::Key& key) const {
  return world_->up(node) && world_->node(node).records().holds(key, world_->network().now());
}

bool RecordOracle::serves_copy(NodeNumber node, const dht::Key& key) const {
  return world_->up(node) &&
         world_->node(node).storage().copies().serves(key, world_->network().now());
}

// Most often one of those who stored it does; else all are asked.
bool RecordOracle::held_by_any(const Record& record) const {
  for (const Publisher& publisher : record.publishers) {
    if (holds(publisher.node, record.key)) return true;
  }
  for (NodeNumber node = 0; node < world_->size(); ++node) {
    if (holds(node, record.key)) return true;
  }
  return false;
}

bool RecordOracle::counts(const Record& record, const std::string& label, bool due) const {
  return speaks_of(label, *record.label) && (world_->network().now() <= record.due()) == due;
}

std::optional<double> RecordOracle::lost(const std::string& label) const {
  std::size_t all = 0;
  std::size_t lost = 0;
  for (const Record& record : records_) {
    if (!counts(record, label, true)) continue;
    ++all;
    if (!held_by_any(record)) ++lost;
  }
  if (all == 0) return std::nullopt;
  return static_cast<double>(lost) / static_cast<double>(all);
}

std::optional<double> RecordOracle::placed_of(const dht::Key& key) const {
  const auto closest = world_->directory().closest(
      key, world_->scenario().protocol.k, [&](NodeNumber node) { return world_->up(node); });
  if (closest.empty()) return std::nullopt;
  const auto holders = std::count_if(closest.begin(), closest.end(),
                                     [&](NodeNumber node) { return holds(node, key); });
  return static_cast<double>(holders) / static_cast<double>(closest.size());
}

std::optional<double> RecordOracle::placed(const std::string& label) const {
  std::size_t all = 0;
  double sum = 0;
  for (const Record& record : records_) {
    if (!counts(record, label, true)) continue;
    ++all;
    sum += placed_of(record.key).value_or(0);
  }
  if (all == 0) return std::nullopt;
  return sum / static_cast<double>(all);
}

std::size_t RecordOracle::zombies(const std::string& label) const {
  std::size_t copies = 0;
  for (const Record& record : records_) {
    if (!counts(record, label, false)) continue;
    for (NodeNumber node = 0; node < world_->size(); ++node) {
      copies += holds(node, record.key) || serves_copy(node, record.key);
    }
  }
  return copies;
}

}  // namespace macula::sim
