// Observers watch a network of messages `M`, and change nothing. There may be several; each says
// what it wants to be told of, and nobody pays for the rest.
//
//     class Counter final : public ObserverOf<M> {
//       void on_event(const EventOf<M>& event) override { ++events_; }
//     };
//     network.observe(counter, Wants::events);
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/time.h"
#include "sim/net/link.h"
#include "sim/net/origins.h"

namespace macula::sim {

enum class EventKind : std::uint8_t {
  request,     // handed to `to`
  reply,       // handed to `to`, who had asked
  message,     // one-way, handed to `to`
  failure,     // `from` learns that its request to `to` timed out
  timer,       // of `from`
  connected,   // `from` and `to` have a connection
  retransmit,  // a packet from `from` to `to` was lost and is sent again
  crash,
  restart,
  pause,
  resume,
  partition,
  heal,
  operation,    // a step of the scenario starts or ends an operation on `from`
  maintenance,  // `from` has taken a turn at a chore of its own; content: which, and its cost
};
inline constexpr std::size_t kEventKinds = 15;
static_assert(static_cast<std::size_t>(EventKind::maintenance) + 1 == kEventKinds);

[[nodiscard]] std::string_view event_name(EventKind kind);

template <typename M>
struct EventOf {
  Time time;
  EventKind kind;
  NodeNumber from = kNoNode;
  NodeNumber to = kNoNode;
  const M* message = nullptr;  // of request, reply and message
  std::uint64_t content = 0;   // of all others: what the digest knows of it
  Origin origin{};             // of messages, failures and timers, where passage is wanted
};

// The passage of an exchange on its way, beside its events: no event.
enum class Passage : std::uint8_t {
  sent,       // a packet of it leaves, and will arrive
  lost,       // it is lost on its link
  cut,        // it is stopped by a cut
  late,       // of an answer: it would arrive after its asker has given up, and reaches nobody
  missed,     // it has come for a node that is down
  cancelled,  // no packet: its asker wants nothing more of it
};

[[nodiscard]] std::string_view passage_name(Passage passage);

struct PassageOf {
  Time time;
  Passage passage;
  NodeNumber from;  // of the packet; of cancelled, the node that has asked
  NodeNumber to;
  Origin origin;
  std::string_view datagram{};  // its bytes, where it is one of QUIC
};

// The things that an observer wants to be told of; several by `|`.
enum class Wants : std::uint8_t {
  events = 1,   // on_event
  sent = 2,     // on_sent
  settled = 4,  // on_settled
  passage = 8,  // on_passage; and exchanges have numbers, and causes
};
[[nodiscard]] constexpr Wants operator|(Wants a, Wants b) {
  return static_cast<Wants>(static_cast<std::uint8_t>(a) | static_cast<std::uint8_t>(b));
}
[[nodiscard]] constexpr bool has(Wants all, Wants one) {
  return (static_cast<std::uint8_t>(all) & static_cast<std::uint8_t>(one)) != 0;
}

template <typename M>
class ObserverOf {
 public:
  // Before what it happens to is told.
  virtual void on_event(const EventOf<M>&) {}
  // A request or one-way message leaves its sender; whether it arrives is another matter.
  virtual void on_sent(Time, NodeNumber /*from*/, NodeNumber /*to*/, const M&, const Origin&) {}
  // `message`: what the packet carries; nullptr where that is nothing for guests, or not known.
  virtual void on_passage(const PassageOf&, const M* /*message*/) {}
  // All that an event of the queue brings about has happened: that one after `events` others.
  virtual void on_settled(Time, std::uint64_t /*events*/) {}

 protected:
  ~ObserverOf() = default;
};

}  // namespace macula::sim
