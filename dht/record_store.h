// The values a node holds: a list of providers per key.
//
//   store.put(key, value);
//   if (const auto* values = store.find(key)) ...
//
// One entry per provider: a value that is a map with `node_id` belongs to that provider, all other
// values share one owner. A value of a known provider takes its old one's place; a new provider's
// is put in front (Macula 0.8).
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "dht/node_id.h"
#include "dht/wire/value.h"

namespace macula::dht {

class RecordStore {
 public:
  struct Limits {
    std::size_t keys = 65'536;
    std::size_t values_per_key = 128;
  };

  RecordStore() = default;
  explicit RecordStore(const Limits& limits) : limits_(limits) {}

  // False, and counted, where a limit refuses the value.
  bool put(const Key& key, wire::SharedValue value);
  // Nothing where no value is held.
  [[nodiscard]] const std::vector<wire::SharedValue>* find(const Key& key) const;

  [[nodiscard]] std::size_t size() const { return values_.size(); }
  [[nodiscard]] std::uint64_t refused() const { return refused_; }
  void clear() { values_.clear(); }

  void check_invariants() const;

 private:
  Limits limits_;
  std::uint64_t refused_ = 0;
  std::map<Key, std::vector<wire::SharedValue>> values_;
};

}  // namespace macula::dht
