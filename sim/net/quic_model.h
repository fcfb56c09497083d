// The times and limits of the model of QUIC, in one place. Each stands for one of the real host
// (dht/quic): sim/README.md has both side by side.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace macula::sim::quic_model {

// ----- handshake and dialling -----
// The round trip of an unknown path: a handshake is sent again after three of it (RFC 9002, 6.2.2).
inline constexpr Duration kInitialRtt = std::chrono::milliseconds(100);
// Certificate and proof of the client; what it has to say goes along in the same datagram.
inline constexpr std::size_t kThirdFlight = 700;
inline constexpr Duration kHandshakeTimeout = std::chrono::seconds(10);
// Inbound handshakes that are not through: above the first number the next client has to show that
// it receives at its address, a round trip more; above the second the oldest is forgotten.
inline constexpr std::size_t kRetryAbove = 64;
inline constexpr std::size_t kMostHalfOpen = 512;
// Before the next dial to the same peer: doubles with each that fails, and is drawn between once
// and one and a half times that.
inline constexpr Duration kFirstBackoff = std::chrono::milliseconds(250);
inline constexpr Duration kLongestBackoff = std::chrono::seconds(30);

// ----- life of a connection -----
inline constexpr Duration kIdleTimeout = std::chrono::seconds(60);     // without a word
inline constexpr Duration kKeepalive = std::chrono::seconds(20);       // of silence, then a probe
inline constexpr Duration kOneWayPatience = std::chrono::seconds(30);  // to wait for a connection

// ----- recovery (RFC 9002) -----
inline constexpr Duration kMaxAckDelay = std::chrono::milliseconds(25);
inline constexpr unsigned kProbePackets = 2;    // a probe timeout
inline constexpr unsigned kMostDoublings = 16;  // of the probe timeout
inline constexpr int kReorderPart = 8;          // lost after a round trip and an eighth (6.1.2)

// Timers are no finer; what pacing holds back for less than that is not held back.
inline constexpr Duration kGranularity = std::chrono::milliseconds(1);

// ----- how much may be under way -----
inline constexpr std::size_t kDatagram = 1200;        // bytes of the largest
inline constexpr std::size_t kDatagramOverhead = 34;  // header, tag, and that of a frame
inline constexpr std::uint64_t kInitialWindow = 10 * kDatagram;
// The growth of the window by the flights of a handshake, at the end that dials and at the other.
inline constexpr std::uint64_t kDialledGrowth = 2 * kDatagram;
inline constexpr std::uint64_t kAcceptedGrowth = kDatagram;
inline constexpr std::uint64_t kLeastWindow = 2 * kDatagram;
inline constexpr std::uint64_t kStreamWindow = std::uint64_t{256} << 10;
inline constexpr std::uint64_t kConnectionWindow = std::uint64_t{1} << 20;
// Frames that end both directions of a stream that nothing was written to.
inline constexpr std::size_t kRefusal = 16;
// The streams for requests of one end, until the other knows that their answers have come; it gives
// back this part of them at once.
inline constexpr std::uint32_t kMaxStreams = 1024;
inline constexpr std::uint32_t kPartOfStreams = 8;
// Bytes that wait to be sent in one direction; more are refused.
inline constexpr std::uint64_t kMaxQueued = std::uint64_t{4} << 20;

}  // namespace macula::sim::quic_model
