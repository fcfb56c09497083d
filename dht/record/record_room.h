// Which entry makes way where a store is full.
//
//   room.add(key, entry); room.remove(key, entry);         // as entries come and go
//   if (auto worst = room.to_give_up(key, offered)) ...    // that entry makes way for the offered
//
// The peer that has brought the most gives way, and first its least proven records, then those
// farthest from the holder. Ids cost nothing, and so do keys that lie near the holder: what a peer
// has brought is what it cannot disown, since its connection proves who it is. So a flood, whatever
// names and signatures it bears, is given up for the first record of anybody else; and what nobody
// else has brought more of gives way to what is better proven or nearer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "dht/record/record_entry.h"

namespace macula::dht {

class RecordRoom {
 public:
  // `near`: what is far from it gives way first. `entry_weight`: what an entry weighs at least, in
  // bytes.
  RecordRoom(const NodeId& near, std::size_t entry_weight)
      : near_(near), entry_weight_(entry_weight) {}

  void add(const Key& key, const RecordEntry& entry);
  void remove(const Key& key, const RecordEntry& entry);

  struct Place {
    Key key;
    std::uint64_t serial = 0;  // of the entry
  };
  // Nothing where none is to make way.
  [[nodiscard]] std::optional<Place> to_give_up(const Key& key, const RecordEntry& offered) const;

 private:
  // The worst first.
  struct Worth {
    Standing standing;
    Distance distance;  // from `near_`
    std::uint64_t serial;

    friend bool operator<(const Worth& a, const Worth& b) {
      if (a.standing != b.standing) return a.standing < b.standing;
      if (!(a.distance == b.distance)) return b.distance < a.distance;
      return a.serial < b.serial;
    }
  };
  struct Brought {
    std::size_t bytes = 0;
    std::size_t entries = 0;
    std::set<Worth> worths;
  };

  [[nodiscard]] Worth worth_of(const Key& key, const RecordEntry& entry) const {
    return {entry.standing, distance(key, near_), entry.serial};
  }
  [[nodiscard]] std::size_t weight(std::size_t bytes, std::size_t entries) const {
    return bytes > entries * entry_weight_ ? bytes : entries * entry_weight_;
  }

  NodeId near_;
  std::size_t entry_weight_;
  std::map<std::uint64_t, Brought> brought_;
  std::set<std::pair<std::size_t, std::uint64_t>> by_weight_;
};

}  // namespace macula::dht
