#include "dht/record/record_room.h"

#include "base/check.h"

namespace macula::dht {

// A record that this node publishes itself never makes way.
void RecordRoom::add(const Key& key, const RecordEntry& entry) {
  if (entry.own) return;
  Brought& brought = brought_[entry.brought];
  by_weight_.erase({weight(brought.bytes, brought.entries), entry.brought});
  brought.bytes += entry.bytes;
  ++brought.entries;
  brought.worths.insert(worth_of(key, entry));
  by_weight_.insert({weight(brought.bytes, brought.entries), entry.brought});
}

void RecordRoom::remove(const Key& key, const RecordEntry& entry) {
  if (entry.own) return;
  const auto known = brought_.find(entry.brought);
  MACULA_CHECK(known != brought_.end());
  Brought& brought = known->second;
  by_weight_.erase({weight(brought.bytes, brought.entries), entry.brought});
  brought.bytes -= entry.bytes;
  --brought.entries;
  brought.worths.erase(worth_of(key, entry));
  if (brought.entries == 0) {
    brought_.erase(known);
  } else {
    by_weight_.insert({weight(brought.bytes, brought.entries), entry.brought});
  }
}

std::optional<RecordRoom::Place> RecordRoom::to_give_up(const Key& key,
                                                        const RecordEntry& offered) const {
  if (by_weight_.empty()) return std::nullopt;
  const auto [most, who] = *by_weight_.rbegin();
  const auto known = brought_.find(offered.brought);
  const std::size_t bytes = known != brought_.end() ? known->second.bytes : 0;
  const std::size_t entries = known != brought_.end() ? known->second.entries : 0;
  const Worth* worst = nullptr;
  if (who != offered.brought && most > weight(bytes + offered.bytes, entries + 1)) {
    worst = &*brought_.at(who).worths.begin();
  } else if (known != brought_.end()) {
    // Nobody has brought more: at most its own.
    worst = &*known->second.worths.begin();
    const Worth worth = worth_of(key, offered);
    const bool better = worst->standing != worth.standing ? worst->standing < worth.standing
                                                          : worth.distance < worst->distance;
    if (!better) return std::nullopt;
  }
  if (worst == nullptr) return std::nullopt;
  return Place{distance(worst->distance, near_), worst->serial};
}

}  // namespace macula::dht
