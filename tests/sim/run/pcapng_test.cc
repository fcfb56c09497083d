// The format of captures, read block by block. tests/tools/captures.py tries what others read.
#include "sim/run/pcapng.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <sstream>
#include <string>
#include <vector>

namespace macula::sim {
namespace {

std::uint64_t number(const std::string& bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = size; i-- > 0;)
    value = value << 8 | static_cast<std::uint8_t>(bytes[at + i]);
  return value;
}

struct Block {
  std::uint64_t type;
  std::string body;
};

// Blocks are whole, and say their length at both of their ends.
std::vector<Block> blocks_of(const std::string& file) {
  std::vector<Block> blocks;
  for (std::size_t at = 0; at < file.size();) {
    const std::size_t size = number(file, at + 4, 4);
    EXPECT_EQ(size % 4, 0U);
    EXPECT_LE(at + size, file.size());
    EXPECT_EQ(number(file, at + size - 4, 4), size);
    blocks.push_back({number(file, at, 4), file.substr(at + 8, size - 12)});
    at += size;
  }
  return blocks;
}

TEST(Pcapng, APacketHasItsTimeInNanosecondsAndItsBytes) {
  std::ostringstream out;
  const Time time = kTimeZero + std::chrono::seconds(5'000'000'000) + Duration{7};
  {
    PcapngWriter file(out, "about");
    EXPECT_EQ(file.add_interface("a", kUpperPdu), 0U);
    EXPECT_EQ(file.add_interface("b", kRawIp), 1U);
    file.add_packet({1, time, Direction::inbound, "lost", "12345", 9});
  }
  const std::vector<Block> blocks = blocks_of(out.str());
  ASSERT_EQ(blocks.size(), 4U);
  EXPECT_EQ(number(blocks[0].body, 0, 4), 0x1a2b3c4dU);
  EXPECT_EQ(number(blocks[1].body, 0, 2), kUpperPdu);
  EXPECT_EQ(number(blocks[2].body, 0, 2), kRawIp);
  const std::string& packet = blocks[3].body;
  EXPECT_EQ(number(packet, 0, 4), 1U);
  EXPECT_EQ(number(packet, 4, 4) << 32 | number(packet, 8, 4),
            static_cast<std::uint64_t>(to_ns(time)));
  EXPECT_EQ(number(packet, 12, 4), 5U) << "captured";
  EXPECT_EQ(number(packet, 16, 4), 9U) << "of the packet";
  EXPECT_EQ(packet.substr(20, 8), std::string("12345\0\0\0", 8));
  EXPECT_EQ(packet.substr(28), std::string("\1\0\4\0lost\2\0\4\0\1\0\0\0\0\0\0\0", 20));
}

TEST(Pcapng, WhatIsTooLongForItsReadersIsCutOff) {
  std::ostringstream out;
  PcapngWriter file(out, std::string(100'000, 'a'));
  static_cast<void>(file.add_interface("a", kUpperPdu));
  const std::string large(kMostCaptured + 5, 'x');
  file.add_packet(
      {0, kTimeZero, Direction::unknown, std::string(70'000, 'c'), large, large.size()});
  file.name_address(transport::make_ipv4(0x0a000001, 9443), std::string(80'000, 'n'));
  const std::vector<Block> blocks = blocks_of(out.str());
  ASSERT_EQ(blocks.size(), 4U);
  EXPECT_LT(blocks[0].body.size(), 70'000U);
  EXPECT_EQ(number(blocks[2].body, 12, 4), kMostCaptured);
  EXPECT_EQ(number(blocks[2].body, 16, 4), large.size());
  EXPECT_LT(blocks[2].body.size(), kMostCaptured + 70'000);
  EXPECT_LT(blocks[3].body.size(), 70'000U);
}

TEST(Pcapng, AddressesHaveNames) {
  std::ostringstream out;
  PcapngWriter file(out, "");
  file.name_address(transport::make_ipv4(0x0a000001, 9443), "eu#1");
  file.name_address(*transport::parse_endpoint("[2001:db8::1]:9443"), "six");
  file.close(kTimeZero, "end");
  const std::vector<Block> blocks = blocks_of(out.str());
  ASSERT_EQ(blocks.size(), 4U);
  EXPECT_EQ(blocks[1].body, std::string("\1\0\x9\0\x0a\0\0\1eu#1\0\0\0\0\0\0\0\0", 20));
  EXPECT_EQ(number(blocks[2].body, 0, 2), 2U) << "IPv6";
  EXPECT_EQ(number(blocks[2].body, 2, 2), 20U);
  EXPECT_EQ(blocks[2].body.substr(20, 4), std::string("six\0", 4));
  EXPECT_EQ(blocks[3].type, 5U) << "statistics";
}

}  // namespace
}  // namespace macula::sim
