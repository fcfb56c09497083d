#include "sim/macula/writes.h"

#include <algorithm>

namespace macula::sim {
namespace {

const std::string* provider(const dht::wire::Value& value) {
  const dht::wire::Value* id = value.find("node_id");
  return id != nullptr ? id->as_bytes() : nullptr;
}

bool is_answer(const Write& write, Time now) {
  return !write.withdrawn && (write.endless || write.end > now);
}

// One that is signed has its signer, a provider's the provider.
Versions::Origin origin_of(const Write& write) {
  return {write.provider ? write.by : kNoNode, write.sign ? write.by : kNoNode};
}

}  // namespace

bool same_value(const dht::wire::Value& a, const dht::wire::Value& b) {
  const std::string* first = provider(a);
  const std::string* second = provider(b);
  if (first != nullptr && second != nullptr) return *first == *second;
  return a == b;
}

void Writes::stored(const dht::Key& key, const Write& write) {
  const Origin origin = origin_of(write);
  History& history = keys_[key][origin];
  if (!history.empty()) history.back().replaced = std::min(history.back().replaced, write.at);
  history.push_back(write);
  versions_.add(key, origin, {write.at, write.value, write.end, write.endless});
}

bool Writes::withdrawn(const dht::Key& key, NodeNumber by, bool provider, Time now) {
  const Write* written = last_of(key, by, provider);
  if (written == nullptr) return false;
  const bool there = is_answer(*written, now);
  const Origin origin = origin_of(*written);
  Write& last = keys_[key][origin].back();
  if (!last.withdrawn) {
    versions_.add(key, origin, {now, last.value, last.end, last.endless, /*withdrawn=*/true});
  }
  last.replaced = std::min(last.replaced, now);
  last.withdrawn = true;
  return there;
}

void Writes::republished(const dht::Key& key, NodeNumber by, const dht::wire::SharedValue& value,
                         Time now, Time end) {
  Write* last = last_of(key, by, value != nullptr && provider(*value) != nullptr);
  if (last == nullptr || last->replaced != kTimeMax) return;
  last->end = end;
  last->value = value;
  versions_.add(key, origin_of(*last), {now, value, end, last->endless});
}

Write* Writes::last_of(const dht::Key& key, NodeNumber by, bool provider) {
  const auto known = keys_.find(key);
  if (known == keys_.end()) return nullptr;
  Write* last = nullptr;
  for (auto& [origin, history] : known->second) {
    for (Write& write : history) {
      if (write.by != by || write.provider != provider) continue;
      if (last == nullptr || write.at >= last->at) last = &write;
    }
  }
  return last;
}

template <typename Visit>
void Writes::for_each_last(const dht::Key& key, Visit visit) const {
  const auto known = keys_.find(key);
  if (known == keys_.end()) return;
  for (const auto& [origin, history] : known->second) visit(history.back());
}

std::vector<dht::wire::SharedValue> Writes::current(const dht::Key& key, Time now) const {
  std::vector<dht::wire::SharedValue> values;
  for_each_last(key, [&](const Write& write) {
    const bool known = std::any_of(values.begin(), values.end(),
                                   [&](const auto& value) { return *value == *write.value; });
    if (is_answer(write, now) && !known) values.push_back(write.value);
  });
  return values;
}

bool Writes::is_stale(const dht::Key& key, const dht::wire::Value& value, Time since) const {
  const auto known = keys_.find(key);
  if (known == keys_.end()) return false;
  bool written = false;
  for (const auto& [origin, history] : known->second) {
    for (const Write& write : history) {
      if (!same_value(*write.value, value)) continue;
      if (write.replaced >= since) return false;
      written = true;
    }
  }
  return written;
}

bool Writes::was_written(const dht::Key& key, const dht::wire::Value& value) const {
  const auto origins = keys_.find(key);
  if (origins == keys_.end()) return true;
  return std::any_of(origins->second.begin(), origins->second.end(), [&](const auto& origin) {
    return std::any_of(origin.second.begin(), origin.second.end(), [&](const Write& write) {
      return write.value != nullptr && same_value(*write.value, value);
    });
  });
}

Time Writes::due(const dht::Key& key) const {
  Time due{};
  for_each_last(key, [&](const Write& write) {
    due = std::max(due, write.withdrawn ? write.replaced : write.end);
  });
  return due;
}

std::vector<NodeNumber> Writes::writers(const dht::Key& key) const {
  std::vector<NodeNumber> writers;
  for_each_last(key, [&](const Write& write) { writers.push_back(write.by); });
  return writers;
}

}  // namespace macula::sim
