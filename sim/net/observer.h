// Who watches a network of messages `M`: told of every event, in order, without a say in it.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/time.h"
#include "sim/net/link.h"

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

[[nodiscard]] std::string_view event_name(EventKind kind);

template <typename M>
struct EventOf {
  Time time;
  EventKind kind;
  NodeNumber from = kNoNode;
  NodeNumber to = kNoNode;
  const M* message = nullptr;  // of request, reply and message
  std::uint64_t content = 0;   // of all others: what the digest knows of it
};

template <typename M>
class ObserverOf {
 public:
  virtual void on_event(const EventOf<M>& event) = 0;
  // A request or one-way message leaves its sender; whether it arrives is another matter.
  virtual void on_sent(Time time, NodeNumber from, NodeNumber to, const M& message) = 0;

 protected:
  ~ObserverOf() = default;
};

}  // namespace macula::sim
