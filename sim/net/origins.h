// Which exchange is which, and what has caused it: so that a request, its packets, its answer and
// the operation that it is for can be joined. Kept only while somebody watches the way of messages
// (Wants::passage), beside the exchanges and timers themselves, which are no larger for it.
//
//   origins.act_for(operation);               // what guests send from here on is for that
//   origins.begin(slot, from);                // an exchange begins: it has a number, and a cause
//   origins.go_on_with(origins.of(slot));     // its answer is handed over: what follows has the
//                                             // same cause
//
// An exchange is known by the node that has begun it, and how many that node had begun before: so
// its number stays what it is where other nodes do other things.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/net/link.h"

namespace macula::sim {

struct Origin {
  std::uint64_t exchange = 0;  // 0: of none, or nobody watched
  std::uint64_t cause = 0;     // as the network was told (Network::act_for); 0: it was not
};

// The parts of an exchange's number: the node, and its own count, from 1.
[[nodiscard]] constexpr NodeNumber asker_of(std::uint64_t exchange) {
  return static_cast<NodeNumber>(exchange >> 32);
}
[[nodiscard]] constexpr std::uint32_t count_of(std::uint64_t exchange) {
  return static_cast<std::uint32_t>(exchange);
}

// A cause is an operation, by its number (sim/run/operation.h), or a chore: this, and the content
// of its EventKind::maintenance.
inline constexpr std::uint64_t kChoreCause = std::uint64_t{1} << 63;

class Origins {
 public:
  void watch() { watched_ = true; }

  void begin_event() { cause_ = 0; }
  void act_for(std::uint64_t cause) { cause_ = cause; }
  void go_on_with(const Origin& origin) { cause_ = origin.cause; }
  [[nodiscard]] std::uint64_t cause() const { return cause_; }

  // The origin of one that begins now; nothing while nobody watches.
  [[nodiscard]] Origin next(NodeNumber from) {
    if (!watched_) return {};
    return {std::uint64_t{from} << 32 | ++at(begun_, from), cause_};
  }

  // The same of the exchange in the slot, and of the timer.
  void begin(std::uint32_t slot, NodeNumber from) {
    if (watched_) at(exchanges_, slot) = next(from);
  }
  [[nodiscard]] Origin of(std::uint32_t slot) const {
    return slot < exchanges_.size() ? exchanges_[slot] : Origin{};
  }
  void set_timer(std::uint32_t slot) {
    if (watched_) at(timers_, slot) = cause_;
  }
  // The present event happens since the timer was set.
  [[nodiscard]] Origin fire(std::uint32_t slot) {
    if (slot < timers_.size()) cause_ = timers_[slot];
    return {0, cause_};
  }

 private:
  template <typename T>
  [[nodiscard]] static T& at(std::vector<T>& all, std::uint32_t index) {
    if (index >= all.size()) all.resize(index + std::size_t{1});
    return all[index];
  }

  bool watched_ = false;
  std::uint64_t cause_ = 0;
  std::vector<std::uint32_t> begun_;   // exchanges, by node
  std::vector<Origin> exchanges_;      // by slot
  std::vector<std::uint64_t> timers_;  // the causes, by slot
};

}  // namespace macula::sim
