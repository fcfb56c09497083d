// One connection between two nodes, as the model of QUIC knows it.
//
// The state that every connection needs is small, for there are as many as pairs that have spoken.
// State for a loss, or for more to be sent than the window allows, is apart (Trouble), and goes
// away with its cause.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>

#include "sim/net/congestion.h"
#include "sim/net/link.h"
#include "sim/net/recovery.h"

namespace macula::sim {

// A node and which of its lives: a restart begins a new one.
struct LivingNode {
  NodeNumber node;
  std::uint32_t life;

  friend bool operator==(const LivingNode& a, const LivingNode& b) {
    return a.node == b.node && a.life == b.life;
  }
};

// The life of an end that has closed while the other does not know.
inline constexpr std::uint32_t kClosedLife = 0xffffffff;

struct Connection {
  struct End {
    NodeNumber node = kNoNode;
    std::uint32_t life = kClosedLife;  // of the node, to which this end belongs
    Pace pace;                         // of what it sends
  };

  std::array<End, 2> ends;  // the lower number first
  std::uint32_t trouble = kNoSlot;
  std::array<std::uint8_t, 2> samples{};  // of the round trip that each end has had
  std::uint8_t dialler = 0;               // which end

  // After a handshake. The flight of the end that has not dialled is acknowledged on two levels of
  // encryption.
  void begin_samples(unsigned dialled) {
    samples[dialled] = 0;
    samples[1 - dialled] = 1;
  }
  [[nodiscard]] unsigned side(NodeNumber node) const { return node == ends[0].node ? 0 : 1; }
  [[nodiscard]] bool joins(NodeNumber a, NodeNumber b) const {
    return (ends[0].node == a && ends[1].node == b) || (ends[0].node == b && ends[1].node == a);
  }
  // When either end has sent something: to a round trip.
  [[nodiscard]] Time spoken(Time now) const {
    const std::uint32_t tick = Pace::ticks(now);
    return now - Duration{std::int64_t{silent_ticks(tick)} << Pace::kTickBits};
  }
  // Whether that is long ago.
  [[nodiscard]] bool is_silent(Time now) const {
    return silent_ticks(Pace::ticks(now)) > Pace::ticks(kTimeZero + quic_model::kKeepalive);
  }
  // An end has measured the round trip so many times more.
  void measure(unsigned end, std::int64_t times) {
    samples[end] = static_cast<std::uint8_t>(std::min<std::int64_t>(0xff, samples[end] + times));
  }
  [[nodiscard]] bool belongs_to(LivingNode node) const {
    return ends[side(node.node)].life == node.life;
  }

 private:
  [[nodiscard]] std::uint32_t silent_ticks(std::uint32_t now) const {
    return std::min(now - ends[0].pace.round, now - ends[1].pace.round);
  }
};

struct Trouble {
  std::array<Recovery, 2> recovery;                // by the end that sends
  std::array<std::unique_ptr<Window>, 2> windows;  // likewise
  Time wake = kTimeMax;                            // the event that is scheduled for it

  // Whether something of an end has not arrived: lost, or still to be sent.
  [[nodiscard]] bool owes(unsigned side) const {
    const Window* window = windows[side].get();
    return !recovery[side].lost.empty() || (window != nullptr && !window->empty());
  }
};

}  // namespace macula::sim
