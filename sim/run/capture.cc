#include "sim/run/capture.h"

#include <fmt/format.h>

#include <array>
#include <initializer_list>
#include <map>

#include "base/check.h"
#include "sim/run/world.h"

namespace macula::sim {
namespace {

// An address of IPv6, or mapped to it.
std::string_view whole_address_of(const transport::Endpoint& endpoint) {
  return {reinterpret_cast<const char*>(endpoint.address.data()), endpoint.address.size()};
}

void add_number(std::string& to, std::size_t bytes, std::uint64_t value) {
  while (bytes-- > 0) to += static_cast<char>(value >> (8 * bytes));
}

// ----- a message as Wireshark exports it: tags, then its bytes -----

// wsutil/exported_pdu_tlvs.h
constexpr std::uint16_t kEndOfTags = 0;
constexpr std::uint16_t kDissector = 12;
constexpr std::uint16_t kSource4 = 20;
constexpr std::uint16_t kDestination4 = 21;
constexpr std::uint16_t kSource6 = 22;
constexpr std::uint16_t kDestination6 = 23;
constexpr std::uint16_t kPortType = 24;
constexpr std::uint16_t kSourcePort = 25;
constexpr std::uint16_t kDestinationPort = 26;
constexpr std::uint32_t kUdpPort = 3;  // as a type of ports

// Big endian.
template <std::size_t N>
void add_number(TextBuffer::Piece& to, std::uint64_t value) {
  std::array<char, N> bytes;
  for (std::size_t i = 0; i < N; ++i) bytes[i] = static_cast<char>(value >> (8 * (N - 1 - i)));
  to.add({bytes.data(), N});
}

void add_tag(TextBuffer& to, std::uint16_t tag, std::string_view value) {
  const std::string_view padding = padding_of(value.size());
  TextBuffer::Piece piece = to.piece(4 + value.size() + padding.size());
  add_number<2>(piece, tag);
  add_number<2>(piece, value.size() + padding.size());
  piece.add(value);
  piece.add(padding);
  piece.done();
}

void add_tag(TextBuffer& to, std::uint16_t tag, std::uint32_t value) {
  TextBuffer::Piece piece = to.piece(8);
  add_number<2>(piece, tag);
  add_number<2>(piece, 4);
  add_number<4>(piece, value);
  piece.done();
}

// ----- a datagram with the headers of IP and UDP -----

constexpr std::size_t kUdpHeader = 8;
constexpr std::uint8_t kUdp = 17;
constexpr std::uint8_t kHops = 64;

// The Internet checksum (RFC 1071).
std::uint16_t checksum(std::initializer_list<std::string_view> parts) {
  std::uint64_t sum = 0;
  for (const std::string_view part : parts) {
    for (std::size_t i = 0; i < part.size(); ++i) {
      sum += static_cast<std::uint64_t>(static_cast<std::uint8_t>(part[i])) << (i % 2 == 0 ? 8 : 0);
    }
  }
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

std::string udp_header(std::string_view source, std::string_view destination, std::uint16_t from,
                       std::uint16_t to, std::string_view datagram) {
  const std::size_t size = kUdpHeader + datagram.size();
  std::string ports;
  add_number(ports, 2, from);
  add_number(ports, 2, to);
  std::string length;
  add_number(length, 2, size);
  std::string rest;  // of the pseudo header
  add_number(rest, 4, size);
  add_number(rest, 4, kUdp);
  const std::uint16_t sum = checksum({source, destination, rest, ports, length, datagram});
  std::string header = ports + length;
  add_number(header, 2, sum != 0 ? sum : 0xffff);
  return header;
}

std::string ip_header(std::string_view source, std::string_view destination, std::size_t payload) {
  std::string header;
  if (source.size() == kIpv4Bytes) {
    constexpr std::size_t kSize = 20;
    add_number(header, 2, 0x4500);
    add_number(header, 2, kSize + payload);
    add_number(header, 4, 0x4000);  // not to be fragmented
    add_number(header, 1, kHops);
    add_number(header, 1, kUdp);
    const std::string before = header;
    std::string sum;
    add_number(sum, 2, checksum({before, source, destination}));
    header += sum;
  } else {
    add_number(header, 4, 0x60000000);
    add_number(header, 2, payload);
    add_number(header, 1, kUdp);
    add_number(header, 1, kHops);
  }
  header += source;
  header += destination;
  return header;
}

constexpr std::array<std::string_view, 3> kInterfaces = {"sent", "handed over", "stopped"};

std::string about(const World& world) {
  return fmt::format("scenario {}, seed {}; time is virtual, and begins at 0",
                     world.scenario().name, world.seed());
}

}  // namespace

Capture::Capture(const World& world, std::ostream& out)
    : roster_(&world.roster()), file_(out, about(world)), known_(world.size()) {
  for (const std::string_view name : kInterfaces) {
    static_cast<void>(file_.add_interface(name, kUpperPdu));
  }
  // A name that is given to an address of several would be that of the wrong one.
  std::map<std::string, NodeNumber> first;
  for (NodeNumber node = 0; node < roster_->size(); ++node) {
    if (!roster_->population(node).endpoint) continue;
    const auto [other, added] =
        first.try_emplace(std::string(address_bytes(roster_->endpoint(node))), node);
    if (!added) known_[node] = known_[other->second] = true;
  }
}

void Capture::introduce(NodeNumber node) {
  if (node == kNoNode || known_[node]) return;
  known_[node] = true;
  file_.name_address(roster_->endpoint(node), roster_->name(node));
}

void Capture::write(const Captured& about, std::string_view more, std::size_t size) {
  introduce(about.from);
  introduce(about.to);
  const Direction direction =
      about.kind == CaptureKind::handed_over ? Direction::inbound : Direction::outbound;
  file_.add_packet({static_cast<std::uint32_t>(about.kind), about.time, direction, about.comment,
                    packet_.view(), size, more});
}

void Capture::add(const Captured& about, const CapturedMessage& message) {
  packet_.clear();
  add_tag(packet_, kDissector, message.dissector);
  if (about.from != kNoNode) {
    const transport::Endpoint source = roster_->endpoint(about.from);
    add_tag(packet_, is_ipv4(source) ? kSource4 : kSource6, address_bytes(source));
    add_tag(packet_, kPortType, kUdpPort);
    add_tag(packet_, kSourcePort, source.port);
  }
  if (about.to != kNoNode) {
    const transport::Endpoint destination = roster_->endpoint(about.to);
    add_tag(packet_, is_ipv4(destination) ? kDestination4 : kDestination6,
            address_bytes(destination));
    add_tag(packet_, kDestinationPort, destination.port);
  }
  add_tag(packet_, kEndOfTags, std::string_view{});
  write(about, message.bytes, packet_.size() + message.size);
}

void Capture::add_datagram(const Captured& about, std::string_view datagram) {
  MACULA_CHECK(about.kind == CaptureKind::datagram);
  if (!datagrams_) {
    datagrams_ = true;
    static_cast<void>(file_.add_interface("datagrams", kRawIp));
  }
  const transport::Endpoint source = roster_->endpoint(about.from);
  const transport::Endpoint destination = roster_->endpoint(about.to);
  const bool ipv4 = is_ipv4(source) && is_ipv4(destination);
  const std::string_view from = ipv4 ? address_bytes(source) : whole_address_of(source);
  const std::string_view to = ipv4 ? address_bytes(destination) : whole_address_of(destination);
  packet_.clear();
  packet_.add(ip_header(from, to, kUdpHeader + datagram.size()));
  packet_.add(udp_header(from, to, source.port, destination.port, datagram));
  write(about, datagram, packet_.size() + datagram.size());
}

void Capture::close(Time time, std::string_view comment) {
  file_.close(time, comment);
}

}  // namespace macula::sim
