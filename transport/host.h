// The one interface between a node and the world, whatever its messages `M`: what a host gives, and
// what it tells (Guest, guest.h).
//
//     class Gossip final : public transport::Guest<Rumours> { ... };
//     Gossip node(host);                     // host: a transport::Host<Rumours>&
//
// A node is a state machine: its host tells it what happened (`Guest`), and it asks its host for
// what it wants (`Host`). Hosts keep these promises, which a conformance suite states as tests:
//
//   1. A request has exactly one outcome: `on_reply` or `on_failure`, unless it is cancelled.
//   2. After `cancel` or `cancel_timer` returns, the guest hears nothing more of it.
//   3. No re-entrancy: a host never calls its guest from inside one of the calls below.
//   4. A request that hears nothing until `timeout` fails with `timeout`, at exactly that time in a
//      virtual world. A silent peer is a timeout, never an early `unreachable`.
//   5. The sender of every inbound message is given by the host, not claimed by the message.
//   6. An inbound request may be answered once, at once or later. An answer that comes after the
//      request was given up is dropped.
//   7. A request that is refused (`refuse`) fails at its asker as `refused`.
//   8. A meeting has exactly one outcome, `on_met`: whoever listens at the endpoint by then, or,
//      when its patience is over, nobody.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/time.h"
#include "transport/endpoint.h"
#include "transport/peer.h"

namespace macula::transport {

// Chosen by the guest, given back with the outcome. Hosts do not look inside.
using Token = std::uint64_t;

enum class RequestId : std::uint64_t {};
enum class InboundId : std::uint64_t {};
enum class TimerId : std::uint64_t {};

inline constexpr TimerId kNoTimer{0xffffffffffffffff};

enum class Failure : std::uint8_t {
  timeout,      // no answer in time
  unreachable,  // the host knows no way to the peer
  refused,      // the peer, or the host on its behalf, refused the message
  cancelled,    // the host gave the request up: it is closing
};
// As in traces: "timeout".
[[nodiscard]] constexpr std::string_view failure_name(Failure failure) {
  constexpr std::array<std::string_view, 4> kNames{"timeout", "unreachable", "refused",
                                                   "cancelled"};
  return kNames[static_cast<std::size_t>(failure)];
}

// The purpose of a draw, by a numbering of the node's own that begins at 0. Each has draws of its
// own, so that one more of them disturbs no other.
enum class Draw : std::uint8_t {};
inline constexpr std::size_t kDraws = 6;  // so many there may be

template <typename M>
class Host {
 public:
  [[nodiscard]] virtual Time now() const = 0;
  // 64 random bits of this node: the next of those that it draws for `what`.
  [[nodiscard]] virtual std::uint64_t random(Draw what) = 0;
  virtual TimerId set_timer(Duration delay, Token token) = 0;
  virtual void cancel_timer(TimerId timer) = 0;
  // One-way: delivered at most once, with no word of its fate.
  virtual void send(Peer to, M&& message) = 0;
  virtual RequestId request(Peer to, M&& message, Duration timeout, Token token) = 0;
  virtual void cancel(RequestId request) = 0;
  virtual void reply(InboundId request, M&& message) = 0;
  // In place of `reply`: there will be no answer, and the asker need not wait.
  virtual void refuse(InboundId request) = 0;
  // Finds out whose node listens at `endpoint`: its id is not known yet, or may be another by now.
  virtual void meet(const Endpoint& endpoint, Duration patience, Token token) = 0;
  // Whether the peer has proven to be where it says: this end has dialled it there, or what it says
  // comes from there. False where nothing is known, as after its connection has gone.
  [[nodiscard]] virtual bool reached(Peer peer) const = 0;

 protected:
  ~Host() = default;
};

// Between half and one and a half of the delay, by the node's own draws.
template <typename M>
[[nodiscard]] Duration jittered(Host<M>& host, Draw what, Duration delay) {
  const auto half = static_cast<std::uint64_t>(delay.count()) / 2;
  return Duration{
      static_cast<std::int64_t>(half + host.random(what) % std::max(2 * half, half + 1))};
}

// Between half of a delay and all of it, likewise.
template <typename M>
[[nodiscard]] Duration jittered_within(Host<M>& host, Draw what, Duration most) {
  const auto half = static_cast<std::uint64_t>(most.count()) / 2;
  return Duration{static_cast<std::int64_t>(half + host.random(what) % (half + 1))};
}

}  // namespace macula::transport
