// How much may be under way in one direction of a connection (RFC 9002, section 7).
//
// Every connection counts what it sends within a round trip (Pace). Where that is more than its
// window allows it gets a Window: messages then wait in a line and share what may be sent, a packet
// in turn each, until the line is empty.
#pragma once

#include <cstdint>
#include <vector>

#include "base/time.h"
#include "sim/net/cubic.h"
#include "sim/net/message_list.h"
#include "sim/net/quic_model.h"

namespace macula::sim {

// The pace of small messages: as many bytes as the initial window are followed, and the loss of
// some.
struct Pace {
  static constexpr int kTickBits = 20;  // of a tick, in ns: about a millisecond

  std::uint32_t round = 0;     // when the present round trip began, in ticks
  std::uint16_t in_round = 0;  // bytes sent since
  std::int16_t grown = 0;      // by how much the window differs from the initial one

  static std::uint32_t ticks(Time time) {
    return static_cast<std::uint32_t>(to_ns(time) >> kTickBits);
  }
  static Time time_of(std::uint32_t tick) {
    return time_from_ns(static_cast<std::int64_t>(tick) << kTickBits);
  }
  [[nodiscard]] std::uint64_t window() const;
  // A new round trip begins where the last is over: what left in it is acknowledged.
  void roll(Time now, Duration round_trip);
  // A message of `size` bytes leaves. False: it does not fit, and was not counted.
  [[nodiscard]] bool take(Time now, Duration round_trip, std::size_t size);
  // As `take`, while nothing is acknowledged.
  [[nodiscard]] bool add(std::size_t size);
  // A packet was lost.
  void shrink();
  // Goes on with a window of so many bytes, or with the largest that there is here.
  void resume(std::uint64_t window);
};

// The room for messages in a datagram.
inline constexpr std::size_t kRoom = quic_model::kDatagram - quic_model::kDatagramOverhead;

// Bytes that a message takes on the wire, alone.
[[nodiscard]] constexpr std::size_t wire_bytes(std::size_t size) {
  return size + (size + kRoom - 1) / kRoom * quic_model::kDatagramOverhead;
}

// While more is to be sent than may be under way.
struct Window {
  // How much had been delivered at a time, and until when; and when the packet had left that was
  // acknowledged last.
  struct Progress {
    std::uint64_t delivered = 0;
    Time heard{};
    Time sent{};
  };

  // A part of a message, in a datagram.
  struct Piece {
    std::uint32_t message;
    std::uint32_t generation;
    std::uint32_t bytes;
  };

  // Packets that left at one instant and arrive, or are lost. Those that are lost are known to be
  // when a later flight is acknowledged.
  struct Flight {
    Time sent;
    Time acknowledged;  // kTimeMax: lost
    std::uint64_t bytes = 0;
    Progress before;               // when they left
    std::vector<Piece> lost = {};  // what wants to be sent again

    [[nodiscard]] bool is_lost() const { return acknowledged == kTimeMax; }
  };

  // Datagrams that leave at one instant.
  struct Burst {
    Flight before;  // lost before the last that arrives
    Flight whole;
    Flight after;  // lost after that

    void add(const std::vector<Piece>& pieces, std::uint64_t bytes, bool lost);
    [[nodiscard]] std::uint64_t bytes() const { return before.bytes + whole.bytes + after.bytes; }
  };

  // Streams whose answers have come: when this end is told that they are closed.
  struct Closing {
    Time told;
    std::uint32_t streams;
  };

  std::uint64_t size = quic_model::kInitialWindow;
  std::uint64_t threshold = ~std::uint64_t{0};  // above it slow start is over
  std::uint64_t under_way = 0;
  std::uint64_t begun = 0;  // how much will have been delivered before the present line
  std::uint64_t best = 0;   // the most that was ever delivered within a round trip
  Progress progress;
  std::uint64_t measured = 0;  // the rate is taken since so much had been delivered
  Duration took{};             // and over this time
  Time recovered{};            // losses of what was sent before have had their effect
  Cubic cubic;
  Time last_sent{};
  unsigned probes = 0;  // datagrams that may leave whatever is under way
  // As much is under way as may be, of messages that went before there was a window, and nothing is
  // heard.
  bool blocked = false;
  Time paced{};                                     // when the next may leave
  std::vector<Flight> flights;                      // in the order in which they left
  std::uint64_t queued = 0;                         // bytes unsent
  MessageList line;                                 // messages of which something is unsent
  MessageList held;                                 // of which all was sent, and something lost
  MessageList unopened;                             // requests that wait for a stream
  std::uint32_t streams = quic_model::kMaxStreams;  // that may be opened
  std::uint32_t closed = 0;                         // of which the peer has not told yet
  std::vector<Closing> closing;                     // which the peer will see closed, by time

  // Packets leave.
  [[nodiscard]] Flight begin(Time now, Duration round_trip);
  [[nodiscard]] Burst begin_burst(Time now, Duration round_trip);
  void end_burst(Burst& burst, Time now, Duration round_trip);
  // The peer has so many bytes more of a flight.
  void acknowledge(const Flight& flight, Time now, Duration round_trip, std::uint64_t bytes);
  void shrink(Time now, Time sent);
  // Whether a datagram may leave: a probe, or one for which there is room.
  [[nodiscard]] bool take_turn();
  [[nodiscard]] std::uint64_t room() const;
  // Some of what is under way will not arrive.
  [[nodiscard]] bool has_lost() const;
  [[nodiscard]] bool empty() const { return line.empty() && held.empty() && unopened.empty(); }
  // Nothing waits, and nothing is under way.
  [[nodiscard]] bool is_idle() const { return empty() && flights.empty() && !blocked; }
  // A request wants a stream. False: it has to wait.
  [[nodiscard]] bool open_stream();
  void close_stream(Time told);
  // Takes the streams that the peer has told of by now.
  void take_streams(Time now);
  // Whether something waits, and pacing does not hold it back.
  [[nodiscard]] bool may_send(Time now) const;
  // After `bytes` have left, at a pace of 1.25 windows a round trip.
  void pace(Time now, Duration round_trip, std::uint64_t bytes);
};

}  // namespace macula::sim
