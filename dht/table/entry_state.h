// The state of a routing table's entry besides its name, in 16 bits: a table of a large network has
// some three hundred entries.
//
//   EntryState state = EntryState::heard_at(now, true);
//   state.age(now); state.failures();
//
// Times are kept in steps of four seconds, modulo nine hours: what goes by them happens within
// less, however long a scenario would have it wait (kLongestAge).
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "base/time.h"

namespace macula::dht {

class EntryState {
 public:
  static constexpr Duration kStep = std::chrono::seconds(4);
  static constexpr unsigned kMostFailures = 3;
  // Longer ages are not told apart from short ones. A margin of an hour for who is late.
  static constexpr Duration kLongestAge = std::chrono::hours(8);

  EntryState() = default;

  // `answered`: it has answered a request of ours, now or before.
  [[nodiscard]] static EntryState heard_at(Time now, bool answered) {
    EntryState state;
    state.bits_ = static_cast<std::uint16_t>((answered ? kAnswered : 0U) | step(now));
    return state;
  }

  [[nodiscard]] bool answered() const { return (bits_ & kAnswered) != 0; }
  // In a row, since it was last heard from.
  [[nodiscard]] unsigned failures() const { return (bits_ >> kFailuresAt) & kMostFailures; }
  void fail() {
    if (failures() < kMostFailures) bits_ = static_cast<std::uint16_t>(bits_ + (1U << kFailuresAt));
  }
  // Since it was last heard from.
  [[nodiscard]] Duration age(Time now) const {
    return static_cast<int>((step(now) - bits_) & kTimeMask) * kStep;
  }

 private:
  static constexpr unsigned kAnswered = 0x8000;
  static constexpr unsigned kFailuresAt = 13;
  static constexpr unsigned kTimeMask = 0x1fff;

  static unsigned step(Time now) {
    return static_cast<unsigned>(now.time_since_epoch() / kStep) & kTimeMask;
  }

  std::uint16_t bits_ = 0;
};

}  // namespace macula::dht
