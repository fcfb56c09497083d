// Who watches a network: told of every event, in order, without a say in it.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/time.h"
#include "dht/chore.h"
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
  operation,    // a step of the scenario starts or ends an operation on `from`
  maintenance,  // `from` has taken a turn at a chore; content: see maintenance_content
};

[[nodiscard]] std::string_view event_name(EventKind kind);

struct NetworkEvent {
  Time time;
  EventKind kind;
  NodeNumber from = kNoNode;
  NodeNumber to = kNoNode;
  const dht::wire::Message* message = nullptr;  // of request, reply and message
  std::uint64_t content = 0;                    // of all others: what the digest knows of it
};

// Which chore, and the bytes it has sent, in one word.
[[nodiscard]] constexpr std::uint64_t maintenance_content(dht::Chore chore, std::size_t bytes) {
  return static_cast<std::uint64_t>(chore) << 56 | bytes;
}
[[nodiscard]] constexpr dht::Chore chore_of(std::uint64_t content) {
  return dht::Chore{static_cast<std::uint8_t>(content >> 56)};
}
[[nodiscard]] constexpr std::uint64_t chore_bytes(std::uint64_t content) {
  return content & 0xffffffffffffff;
}

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
