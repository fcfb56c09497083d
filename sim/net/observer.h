// Who watches a network: told of every event, in order, without a say in it.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/time.h"
#include "dht/transport.h"
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
  operation,  // a step of the scenario starts or ends an operation on `from`
};

[[nodiscard]] std::string_view event_name(EventKind kind);

struct NetworkEvent {
  Time time;
  EventKind kind;
  NodeNumber from = kNoNode;
  NodeNumber to = kNoNode;
  const dht::wire::Message* message = nullptr;  // of request, reply and message
};

class NetworkObserver {
 public:
  virtual void on_event(const NetworkEvent& event) = 0;
  // A request or one-way message leaves its sender; whether it arrives is another matter.
  virtual void on_sent(Time time, NodeNumber from, NodeNumber to,
                       const dht::wire::Message& message) = 0;

 protected:
  ~NetworkObserver() = default;
};

}  // namespace macula::sim
