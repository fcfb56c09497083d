// A capture file in the format pcapng, block by block, for Wireshark and tshark.
//
//   PcapngWriter file(out, "scenario heal, seed 3");
//   const auto sent = file.add_interface("sent", kUpperPdu);
//   file.add_packet({sent, Time{}, Direction::outbound, "eu#0 to eu#7", bytes, bytes.size()});
//   file.close(end, "whole");
//
// The format: https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-03.html. The same calls give
// the same bytes on every machine: numbers are little endian.
#pragma once

#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>

#include "base/text_buffer.h"
#include "base/time.h"
#include "transport/endpoint.h"

namespace macula::sim {

// https://www.tcpdump.org/linktypes.html
inline constexpr std::uint16_t kRawIp = 101;     // an IP packet, of version 4 or 6
inline constexpr std::uint16_t kUpperPdu = 252;  // Wireshark's "exported PDU": tags, and a message

// Bytes of a packet that are written; Wireshark refuses files with more. A longer packet is cut off
// there, and its packet says how long it was.
inline constexpr std::size_t kMostCaptured = std::size_t{1} << 18;

// The padding of so many bytes to whole words of 32 bits: up to three zeros. Blocks are of such
// words, and so are the values of options.
[[nodiscard]] std::string_view padding_of(std::size_t size);

inline constexpr std::size_t kIpv4Bytes = 4;
// As packets have it: kIpv4Bytes of IPv4, 16 bytes of IPv6. It points into the endpoint.
[[nodiscard]] std::string_view address_bytes(const transport::Endpoint& endpoint);

// The values are those of the flags of a packet.
enum class Direction : std::uint8_t { unknown = 0, inbound = 1, outbound = 2 };

struct CapturedPacket {
  std::uint32_t interface = 0;
  Time time{};  // since the run began, which is the epoch of the file
  Direction direction = Direction::unknown;
  std::string_view comment;
  std::string_view bytes;
  std::size_t size = 0;     // of the packet, at least that of `bytes` and `more`
  std::string_view more{};  // follows `bytes`
};

class PcapngWriter {
 public:
  // `about` is the comment of the file. Comments and names are cut off at 64 KiB. Blocks are
  // written some at a time, the last ones by close() or when the writer ends.
  PcapngWriter(std::ostream& out, std::string_view about);
  ~PcapngWriter() { flush(); }
  PcapngWriter(const PcapngWriter&) = delete;
  PcapngWriter& operator=(const PcapngWriter&) = delete;

  // From 0, in the order in which they are added. Packets of it carry what the link type says.
  std::uint32_t add_interface(std::string_view name, std::uint16_t link_type);
  // Names the host with this address: its port does not matter.
  void name_address(const transport::Endpoint& endpoint, std::string_view name);
  void add_packet(const CapturedPacket& packet);
  // The last block: statistics of interface 0 at `time`, with a comment.
  void close(Time time, std::string_view comment);

 private:
  void begin(std::uint32_t type);
  void end();
  void flush();
  void number16(std::uint64_t value);
  void number32(std::uint64_t value);
  void stamp(Time time);
  void padded(std::string_view bytes);
  void option(std::uint16_t code, std::string_view value);

  std::ostream* out_;
  TextBuffer blocks_;      // that are to be written
  std::size_t begun_ = 0;  // where the last one begins
  std::uint32_t interfaces_ = 0;
};

}  // namespace macula::sim
