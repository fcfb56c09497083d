// The talk between the nodes of a run, as a capture file for Wireshark: their messages in the bytes
// of the wire, and in the worlds over QUIC the datagrams, too. docs/traces.md says what is in it.
//
//   Capture capture(world, out);
//   capture.add({time, CaptureKind::sent, from, to, "sent eu#0 > eu#7"}, {"macula", frame, size});
//   capture.close(end, "whole");
//
// A message stands in the form in which Wireshark exports one: without a network's headers around
// it, which nobody has made, but with the addresses of both ends, and the name of its dissector.
#pragma once

#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "sim/net/link.h"
#include "sim/run/pcapng.h"
#include "sim/run/roster.h"

namespace macula::sim {

class World;

// Each kind is an interface of the file.
enum class CaptureKind : std::uint8_t {
  sent,         // leaves a node
  handed_over,  // has come to a node
  stopped,      // does not arrive
  datagram,     // of QUIC
};

struct Captured {
  Time time;
  CaptureKind kind;
  NodeNumber from = kNoNode;
  NodeNumber to = kNoNode;
  std::string_view comment;
};

// A message in the bytes of its protocol. Empty bytes: it has some, but nobody can write them.
struct CapturedMessage {
  std::string_view dissector;  // of Wireshark
  std::string_view bytes;
  std::size_t size = 0;
};

class Capture {
 public:
  // References outlive it.
  Capture(const World& world, std::ostream& out);

  void add(const Captured& about, const CapturedMessage& message);
  // A UDP datagram, from and to the endpoints of the two nodes.
  void add_datagram(const Captured& about, std::string_view datagram);
  // Nothing follows. `comment`: whether it is whole.
  void close(Time time, std::string_view comment);

 private:
  void introduce(NodeNumber node);
  // Writes packet_, and `more` behind it.
  void write(const Captured& about, std::string_view more, std::size_t size);

  const Roster* roster_;
  PcapngWriter file_;
  bool datagrams_ = false;  // they have an interface
  // Nodes that have stood in a packet, and those whose address is another node's, too.
  std::vector<bool> known_;
  TextBuffer packet_;
};

}  // namespace macula::sim
