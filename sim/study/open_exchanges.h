// The exchanges of a trace that are under way, by their numbers (Origin).
//
//   OpenExchanges<std::uint64_t> sent(1000);
//   sent.open(exchange) = 12;
//   if (auto* known = sent.find(exchange)) ...
//   sent.close(exchange);
//
// Those of nodes that crash, and messages that are lost, never end: once there are too many, the
// oldest is forgotten.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/hash.h"
#include "base/open_table.h"

namespace macula::sim {

// The limit for a run whose trace is written in another form.
inline constexpr std::size_t kMostOpenExchanges = std::size_t{1} << 18;

template <typename State>
class OpenExchanges {
 public:
  explicit OpenExchanges(std::size_t most) : most_(most), entries_(1) {}

  // A new one; numbers are not used twice. Valid until the next.
  State& open(std::uint64_t number) {
    close(number);
    if (places_.size() == most_) close(entries_[entries_[kEnds].next].number);
    std::uint32_t place = free_;
    if (place != kEnds) {
      free_ = entries_[place].next;
    } else {
      place = static_cast<std::uint32_t>(entries_.size());
      entries_.emplace_back();
    }
    Entry& entry = entries_[place];
    entry = {number, entries_[kEnds].previous, kEnds, {}};
    entries_[entry.previous].next = place;
    entries_[kEnds].previous = place;
    places_.put(hash(number), place, hash_of());
    return entry.state;
  }
  // nullptr: it is not open.
  [[nodiscard]] State* find(std::uint64_t number) {
    const std::size_t at = place_of(number);
    return at != places_.kNone ? &entries_[places_[at]].state : nullptr;
  }
  [[nodiscard]] const State* find(std::uint64_t number) const {
    const std::size_t at = place_of(number);
    return at != places_.kNone ? &entries_[places_[at]].state : nullptr;
  }
  void close(std::uint64_t number) {
    const std::size_t at = place_of(number);
    if (at == places_.kNone) return;
    const std::uint32_t place = places_[at];
    places_.erase(at, hash_of());
    Entry& entry = entries_[place];
    entries_[entry.previous].next = entry.next;
    entries_[entry.next].previous = entry.previous;
    entry.next = free_;
    free_ = place;
  }

 private:
  // Entry 0 is none of them: it stands before the oldest, and behind the youngest.
  static constexpr std::uint32_t kEnds = 0;

  struct Entry {
    std::uint64_t number = 0;
    std::uint32_t previous = kEnds;  // by age
    std::uint32_t next = kEnds;      // likewise; of one that is free, the next that is
    State state{};
  };

  [[nodiscard]] static std::uint64_t hash(std::uint64_t number) { return mix(number, 0); }
  [[nodiscard]] auto hash_of() const {
    return [this](std::uint32_t place) { return hash(entries_[place].number); };
  }
  [[nodiscard]] std::size_t place_of(std::uint64_t number) const {
    return places_.find(hash(number),
                        [&](std::uint32_t p) { return entries_[p].number == number; });
  }

  std::size_t most_;
  std::vector<Entry> entries_;
  std::uint32_t free_ = kEnds;  // the first that is; kEnds: none
  OpenTable<std::uint32_t, kEnds> places_;
};

}  // namespace macula::sim
