// The versions of signed records that have ended here: what is left of a life is told by whoever
// passes a record on and not signed, so that anybody could bring a dead record back.
//
//   ended.note(key, entry, now);                  // it is over, and leaves the store
//   if (ended.replayed(key, entry, now)) ...      // refused: no newer than what has ended
//
// A version is remembered for as long as any record may live, and each replay renews that.
// Bounded: what ended first is forgotten first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "base/time.h"
#include "dht/record/record_entry.h"

namespace macula::dht {

class EndedVersions {
 public:
  static constexpr std::size_t kLimit = 32'768;

  void note(const Key& key, const RecordEntry& entry, Time now);
  [[nodiscard]] bool replayed(const Key& key, const RecordEntry& entry, Time now);

  [[nodiscard]] std::size_t size() const { return ended_.size(); }

 private:
  struct Version {
    std::uint64_t sequence = 0;
    Time until{};
  };

  // SHA-256 of key, owner and provider: who chooses those cannot aim at those of another.
  [[nodiscard]] static Key name_of(const Key& key, const RecordEntry& entry);
  void renew(Version& version, const Key& name, Time now);
  void make_room(Time now);

  std::map<Key, Version> ended_;
  std::set<std::pair<Time, Key>> order_;  // of each until when, and its name
};

}  // namespace macula::dht
