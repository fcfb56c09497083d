#include "sim/macula/record_oracle.h"

#include <algorithm>
#include <set>

#include "sim/macula/community.h"

namespace macula::sim {
namespace {

// So long after a new version has reached the holders, copies of the one before may be found, where
// a find takes the first word (dht/README.md, "A record's life").
constexpr Duration kCopyLife = std::chrono::seconds(15);

}  // namespace

RecordOracle::RecordOracle(MaculaCommunity& community) : community_(&community) {
  for (const Expectation& expectation : community.scenario().expectations) {
    const Metric& metric = expectation.metric;
    if (!metric.age) continue;
    const auto [first, end] = ages_.equal_range(metric.label);
    const bool known = std::any_of(
        first, end, [&](const auto& labelled) { return labelled.second == *metric.age; });
    if (!known) ages_.emplace(metric.label, *metric.age);
  }
}

Time RecordOracle::end_of_life(NodeNumber by) const {
  return community_->network().now() + community_->protocol(by).ttl;
}

void RecordOracle::stored(const dht::Key& key, const std::string& label, Write write) {
  const Time now = community_->network().now();
  write.at = now;
  write.end = end_of_life(write.by);
  write.endless = !community_->protocol(write.by).expiry;
  writes_.stored(key, write);
  if (!by_key_.try_emplace(key, records_.size()).second) return;
  records_.push_back({key, &label, now});
  std::set<Duration> ages;
  for (const auto& [wanted, age] : ages_) {
    if (speaks_of(wanted, label)) ages.insert(age);
  }
  for (const Duration after : ages) {
    community_->network().look_at(now + after, [this, index = records_.size() - 1, after] {
      const Record& record = records_[index];
      if (aged_) aged_(*record.label, record.first, after, !held_by_any(record));
    });
  }
}

void RecordOracle::republished(const dht::Key& key, NodeNumber by,
                               const dht::wire::SharedValue& value) {
  writes_.republished(key, by, value, community_->network().now(), end_of_life(by));
}

bool RecordOracle::withdrawn(const dht::Key& key, NodeNumber by, bool provider) {
  return writes_.withdrawn(key, by, provider, community_->network().now());
}

// The search for the holders, and one message to each.
Duration RecordOracle::spread(NodeNumber by) const {
  const dht::Protocol& protocol = community_->protocol(by);
  return protocol.deadline + protocol.query_timeout;
}

bool RecordOracle::has_settled(const dht::Key& key, const Version& version) const {
  const Time now = community_->network().now();
  const auto closest = community_->directory().closest(
      key, community_->protocol().k, [&](NodeNumber node) { return community_->up(node); });
  return std::all_of(closest.begin(), closest.end(), [&](NodeNumber node) {
    const auto held = community_->node(node).records().values(key, now);
    return std::any_of(held.begin(), held.end(), [&](const auto& each) {
             return version.withdrawn ? same_value(*each, *version.value) : *each == *version.value;
           }) != version.withdrawn;
  });
}

void RecordOracle::find_begins(const dht::Key& key, NodeNumber by) {
  writes_.versions().settle(key, community_->network().now(), spread(by),
                            [&](const Version& version) { return has_settled(key, version); });
}

bool RecordOracle::may_return(const dht::Key& key, NodeNumber by, Time began,
                              const std::vector<dht::wire::SharedValue>& values) const {
  const dht::Protocol& protocol = community_->protocol(by);
  FindTerms terms{began, community_->network().now(), spread(by)};
  // The copy was found at a holder, and left, by one message each.
  if (protocol.quorum <= 1) terms.memory = kCopyLife + protocol.query_timeout;
  return writes_.versions().may_return(key, values, terms);
}

bool RecordOracle::holds(NodeNumber node, const dht::Key& key) const {
  return community_->up(node) &&
         community_->node(node).records().holds(key, community_->network().now());
}

bool RecordOracle::holds_all(NodeNumber node, const dht::Key& key,
                             const std::vector<dht::wire::SharedValue>& values) const {
  const auto held = community_->node(node).records().values(key, community_->network().now());
  return std::all_of(values.begin(), values.end(), [&](const auto& value) {
    return std::any_of(held.begin(), held.end(),
                       [&](const auto& each) { return same_value(*each, *value); });
  });
}

bool RecordOracle::serves_copy(NodeNumber node, const dht::Key& key) const {
  return community_->up(node) &&
         community_->node(node).storage().copies().serves(key, community_->network().now());
}

// Most often one of those who stored it does; else all are asked.
bool RecordOracle::held_by_any(const Record& record) const {
  for (const NodeNumber writer : writes_.writers(record.key)) {
    if (holds(writer, record.key)) return true;
  }
  for (NodeNumber node = 0; node < community_->size(); ++node) {
    if (holds(node, record.key)) return true;
  }
  return false;
}

bool RecordOracle::counts(const Record& record, const std::string& label, bool due) const {
  return speaks_of(label, *record.label) &&
         (community_->network().now() <= writes_.due(record.key)) == due;
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
  const auto closest = community_->directory().closest(
      key, community_->protocol().k, [&](NodeNumber node) { return community_->up(node); });
  if (closest.empty()) return std::nullopt;
  const auto values = writes_.current(key, community_->network().now());
  const auto holders = std::count_if(closest.begin(), closest.end(), [&](NodeNumber node) {
    return holds(node, key) && holds_all(node, key, values);
  });
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

std::vector<std::size_t> RecordOracle::holders(const std::string& label) const {
  std::vector<std::size_t> counts_of;
  for (const Record& record : records_) {
    if (!counts(record, label, true)) continue;
    std::size_t holders = 0;
    for (NodeNumber node = 0; node < community_->size(); ++node) {
      holders += holds(node, record.key) ? 1U : 0U;
    }
    counts_of.push_back(holders);
  }
  return counts_of;
}

std::size_t RecordOracle::zombies(const std::string& label) const {
  std::size_t copies = 0;
  for (const Record& record : records_) {
    if (!counts(record, label, false)) continue;
    for (NodeNumber node = 0; node < community_->size(); ++node) {
      copies += holds(node, record.key) || serves_copy(node, record.key);
    }
  }
  return copies;
}

}  // namespace macula::sim
