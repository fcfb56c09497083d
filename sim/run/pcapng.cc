#include "sim/run/pcapng.h"

#include <array>

#include "base/check.h"

namespace macula::sim {
namespace {

constexpr std::uint32_t kSectionHeader = 0x0a0d0d0a;
constexpr std::uint32_t kByteOrder = 0x1a2b3c4d;
constexpr std::uint32_t kInterface = 1;
constexpr std::uint32_t kNames = 4;
constexpr std::uint32_t kStatistics = 5;
constexpr std::uint32_t kPacket = 6;

// Options, by the block in which they stand.
constexpr std::uint16_t kEnd = 0;
constexpr std::uint16_t kComment = 1;
constexpr std::uint16_t kInterfaceName = 2;
constexpr std::uint16_t kPacketFlags = 2;
constexpr std::uint16_t kApplication = 4;
constexpr std::uint16_t kTimeResolution = 9;
constexpr char kNanoseconds = 9;  // digits behind the second

constexpr std::uint16_t kIpv4Name = 1;
constexpr std::uint16_t kIpv6Name = 2;

constexpr std::string_view kNothing("\0\0\0", 3);
constexpr std::size_t kLongestOption = 0xffff;

template <std::size_t N>
using Bytes = std::array<char, N>;

template <std::size_t N>
Bytes<N> little_endian(std::uint64_t value) {
  Bytes<N> bytes;
  for (std::size_t i = 0; i < N; ++i) bytes[i] = static_cast<char>(value >> (8 * i));
  return bytes;
}

template <std::size_t N>
void put(TextBuffer::Piece& to, std::uint64_t value) {
  const Bytes<N> bytes = little_endian<N>(value);
  to.add({bytes.data(), N});
}

}  // namespace

std::string_view padding_of(std::size_t size) {
  return kNothing.substr(0, (4 - size % 4) % 4);
}

std::string_view address_bytes(const transport::Endpoint& endpoint) {
  const std::string_view whole(reinterpret_cast<const char*>(endpoint.address.data()),
                               endpoint.address.size());
  return is_ipv4(endpoint) ? whole.substr(whole.size() - kIpv4Bytes) : whole;
}

PcapngWriter::PcapngWriter(std::ostream& out, std::string_view about) : out_(&out) {
  begin(kSectionHeader);
  number32(kByteOrder);
  number16(1);  // version 1.0
  number16(0);
  number32(0xffffffff);  // the length of the section is not known yet: -1, of 64 bits
  number32(0xffffffff);
  option(kComment, about);
  option(kApplication, "macula-sim");
  option(kEnd, {});
  end();
}

std::uint32_t PcapngWriter::add_interface(std::string_view name, std::uint16_t link_type) {
  begin(kInterface);
  number16(link_type);
  number16(0);
  number32(kMostCaptured);
  option(kInterfaceName, name);
  option(kTimeResolution, {&kNanoseconds, 1});
  option(kEnd, {});
  end();
  return interfaces_++;
}

void PcapngWriter::name_address(const transport::Endpoint& endpoint, std::string_view name) {
  const std::string_view bytes = address_bytes(endpoint);
  name = name.substr(0, kLongestOption - endpoint.address.size() - 1);
  begin(kNames);
  number16(is_ipv4(endpoint) ? kIpv4Name : kIpv6Name);
  number16(bytes.size() + name.size() + 1);
  blocks_.add(bytes);
  blocks_.add(name);
  blocks_.add(kNothing.substr(0, 1));
  padded({});
  number32(0);  // the end of the records
  end();
}

void PcapngWriter::add_packet(const CapturedPacket& packet) {
  MACULA_CHECK(packet.interface < interfaces_ &&
               packet.size >= packet.bytes.size() + packet.more.size());
  const std::string_view first = packet.bytes.substr(0, kMostCaptured);
  const std::string_view more = packet.more.substr(0, kMostCaptured - first.size());
  const std::size_t captured = first.size() + more.size();
  const std::string_view comment = packet.comment.substr(0, kLongestOption);
  const auto ns = static_cast<std::uint64_t>(to_ns(packet.time));
  constexpr std::size_t kAround = 80;  // heads, paddings, and the end of options
  begin(kPacket);
  TextBuffer::Piece block = blocks_.piece(kAround + captured + comment.size());
  put<4>(block, packet.interface);
  put<4>(block, ns >> 32);
  put<4>(block, ns);
  put<4>(block, captured);
  put<4>(block, packet.size);
  block.add(first);
  block.add(more);
  block.add(padding_of(captured));
  if (!comment.empty()) {
    put<2>(block, kComment);
    put<2>(block, comment.size());
    block.add(comment);
    block.add(padding_of(comment.size()));
  }
  if (packet.direction != Direction::unknown) {
    put<2>(block, kPacketFlags);
    put<2>(block, 4);
    put<4>(block, static_cast<std::uint64_t>(packet.direction));
  }
  put<4>(block, kEnd);  // the option of this code, and its length
  block.done();
  end();
}

void PcapngWriter::close(Time time, std::string_view comment) {
  begin(kStatistics);
  number32(0);
  stamp(time);
  option(kComment, comment);
  option(kEnd, {});
  end();
  flush();
}

// ----- what blocks are made of -----

// Its length stands at both of its ends.
void PcapngWriter::begin(std::uint32_t type) {
  begun_ = blocks_.size();
  number32(type);
  number32(0);
}

void PcapngWriter::end() {
  const auto size = static_cast<std::uint32_t>(blocks_.size() + sizeof(std::uint32_t) - begun_);
  number32(size);
  const Bytes<4> length = little_endian<4>(size);
  blocks_.replace(begun_ + sizeof(std::uint32_t), {length.data(), length.size()});
  blocks_.write_in_parts_to(*out_);
}

void PcapngWriter::flush() {
  blocks_.write_to(*out_);
}

void PcapngWriter::number16(std::uint64_t value) {
  const Bytes<2> bytes = little_endian<2>(value);
  blocks_.add({bytes.data(), bytes.size()});
}

void PcapngWriter::number32(std::uint64_t value) {
  const Bytes<4> bytes = little_endian<4>(value);
  blocks_.add({bytes.data(), bytes.size()});
}

void PcapngWriter::stamp(Time time) {
  const auto ns = static_cast<std::uint64_t>(to_ns(time));
  number32(ns >> 32);
  number32(ns);
}

void PcapngWriter::padded(std::string_view bytes) {
  blocks_.add(bytes);
  blocks_.add(padding_of(blocks_.size()));
}

void PcapngWriter::option(std::uint16_t code, std::string_view value) {
  value = value.substr(0, kLongestOption);
  number16(code);
  number16(value.size());
  padded(value);
}

}  // namespace macula::sim
