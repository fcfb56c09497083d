// When a node does its chores: one jittered schedule with one timer, and a budget.
//
//   Maintenance maintenance(context);
//   maintenance.add(Chore::refresh, table_upkeep);              // who does it
//   maintenance.want(Chore::refresh, std::chrono::hours(1));    // a turn within an hour
//
// A worker says of each turn what it has sent, and when the next one is due (`take_turn`).
//
// A turn is one small piece of work: one bucket, one contact, one record. It comes at a time drawn
// between the half and the whole of the delay that was wanted, so what has to be done every hour is
// due from half an hour on. Jitter that never lengthens a delay keeps deadlines, and as each turn
// draws anew, nodes that started together drift apart. Nothing of it survives a restart.
//
// The budget is a token bucket of bytes sent, as in Accordion (Li, Stribling, Morris and Kaashoek,
// NSDI 2005): a turn comes once what was spent before is paid off, and what a quiet time has saved
// lasts for a burst of kSaved. Where there is less budget than work, turns are late, those wanted
// first go first. The cost of the records of others delays their own passing on alone: anybody may
// store a large one, and the node's own records must not end for it. So a burst may come twice,
// once for each, and over a long time both keep to one budget. Chore `expire` sends nothing and
// never waits.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/violation.h"
#include "dht/chore.h"
#include "dht/node/context.h"
#include "dht/node/served_calls.h"

namespace macula::dht {

// The work of a turn.
struct Turn {
  std::size_t bytes = 0;         // of frames, in the messages it asked its host to send
  std::optional<Duration> next;  // wants the next turn within this time; nothing: see `want`
};

// The part of a node that does chores. May call `want` and `spent` from inside its turn.
class Upkeep {
 public:
  virtual Turn take_turn(Chore chore) = 0;

 protected:
  ~Upkeep() = default;
};

class Maintenance {
 public:
  static constexpr Duration kSaved = std::chrono::seconds(30);           // of unspent budget
  static constexpr Duration kShortest = std::chrono::milliseconds(100);  // delay of a turn

  explicit Maintenance(Context& context) : context_(&context) {}

  // `upkeep` does this chore. It has no turn before one is wanted.
  void add(Chore chore, Upkeep& upkeep) { parts_[index(chore)] = &upkeep; }
  // A turn of the chore within this time, or sooner where one is planned already. Nothing where
  // nobody does the chore, or the protocol wants no maintenance.
  void want(Chore chore, Duration within);
  // A turn taken earlier has sent this much more: the messages of a lookup, say.
  void spent(Chore chore, std::size_t bytes);

  void on_timer();
  // No more turns.
  void stop();

  // Its timer, the one thing left of a node at rest.
  [[nodiscard]] bool waiting() const { return timer_ != kNoTimer; }
  // The bytes that all turns so far have sent.
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

  // An invariant that it breaks: a chore that is due without a timer, or the other way round.
  [[nodiscard]] Violation violation() const;

 private:
  static std::size_t index(Chore chore) { return static_cast<std::size_t>(chore); }

  void take_turn(Chore chore);
  // When the chore has its turn: once it is due, and paid for.
  [[nodiscard]] Time turn_of(Chore chore) const;
  [[nodiscard]] Chore first() const;
  void set_timer();

  Context* context_;
  std::array<Upkeep*, kChores> parts_{};
  std::array<Time, kChores> due_{kTimeMax, kTimeMax, kTimeMax, kTimeMax, kTimeMax};
  Time paid_{};      // when what was spent is paid off
  Time own_paid_{};  // and what was not spent on records of others
  TimerId timer_ = kNoTimer;
  Time timer_due_{};
  std::uint64_t bytes_ = 0;
  bool busy_ = false;  // in a turn: the timer is set after it
  bool stopped_ = false;
};

}  // namespace macula::dht
