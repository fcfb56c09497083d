// What this node publishes, and so stores again until it is withdrawn.
//
//   if (Publication* added = publications.add({key, value})) ...
//   if (Publication* due = publications.first(interval)) ...  // the one that is due first
//
// The versions of signed records are numbered by the clock, in milliseconds, and by more where a
// higher number was seen: a node whose clock was set back, or that began anew, learns from the
// holders of its older records how far it had come, and goes on from there.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "dht/node_id.h"
#include "dht/wire/message.h"

namespace macula::dht {

struct Publication {
  Key key;
  wire::SharedValue value;  // of a provider record: as published last
  bool provider = false;    // a provider record, which is made anew each time
  bool sign = false;
  Time published{};
  Time first{};                  // by whoever uses the node: publishing it again is no new version
  bool placed = true;            // some other node was sent it, as far as is known
  Duration retry = kFirstRetry;  // where it was not: until it is tried again

  static constexpr Duration kFirstRetry = std::chrono::seconds(4);
  static constexpr Duration kLongestRetry = std::chrono::seconds(32);

  // It is to be published again within this time of the last.
  [[nodiscard]] Duration within(Duration republish_interval) const {
    return placed ? republish_interval : std::min(retry, republish_interval);
  }
};

class Publications {
 public:
  static constexpr std::size_t kLimit = 65'536;

  // In place of the publication of this key, and of this kind. Nothing where there are too many.
  Publication* add(Publication publication);
  [[nodiscard]] Publication* find(const Key& key, bool provider);
  void remove(const Key& key, bool provider) { publications_.erase({key, provider}); }
  [[nodiscard]] std::size_t size() const { return publications_.size(); }

  // The one that is to be published again first, with this interval.
  [[nodiscard]] Publication* first(Duration republish_interval);
  // Whether there are any that no other node was sent.
  [[nodiscard]] bool any_unplaced() const;
  // Those are to be published again soon.
  void hurry_unplaced();
  // Those that are provider records, by key.
  [[nodiscard]] std::vector<Publication> providers() const;

  // The number of the next version.
  [[nodiscard]] std::uint64_t next_sequence(Time now);
  void saw_sequence(std::uint64_t sequence) { sequence_ = std::max(sequence_, sequence); }
  [[nodiscard]] std::uint64_t sequence() const { return sequence_; }

 private:
  std::map<std::pair<Key, bool>, Publication> publications_;
  std::uint64_t sequence_ = 0;
};

}  // namespace macula::dht
