// Real sockets, for a moment: on loopback only, each at its own address, and no two runs meet.
#include "sim/quic/loopback_carrier.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "dht/quic/udp/socket_address.h"
#include "tests/durations.h"

namespace macula::sim {
namespace {

struct Heard {
  NodeNumber from = kNoNode;
  NodeNumber to = kNoNode;
  std::string bytes;
};

void listen(Carrier& carrier, std::vector<Heard>& heard) {
  carrier.on_arrival([&heard](NodeNumber from, NodeNumber to, std::string_view bytes) {
    heard.push_back({from, to, std::string(bytes)});
  });
  for (int i = 0; i < 3; ++i) carrier.add_node();
}

TEST(LoopbackCarrier, CarriesFromNodeToNode) {
  LoopbackCarrier carrier;
  std::vector<Heard> heard;
  listen(carrier, heard);
  carrier.carry(2, 1, "hello");
  const Time end = carrier.wait(kTimeZero) + 60'000 * kMillisecond;
  for (Time now{}; heard.empty() && now < end;) now = carrier.wait(end);
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_EQ(heard[0].from, 2U);
  EXPECT_EQ(heard[0].to, 1U);
  EXPECT_EQ(heard[0].bytes, "hello");
}

TEST(LoopbackCarrier, WaitsInRealTime) {
  LoopbackCarrier carrier;
  std::vector<Heard> heard;
  listen(carrier, heard);
  const auto real = std::chrono::steady_clock::now();
  Time now = carrier.wait(kTimeZero);
  EXPECT_LE(now, kTimeZero + LoopbackCarrier::kStep) << "time begins with the first wait";
  while (now < kTimeZero + 30 * kMillisecond) now = carrier.wait(kTimeZero + 30 * kMillisecond);
  EXPECT_GE(std::chrono::steady_clock::now() - real, 30 * kMillisecond);
}

TEST(LoopbackCarrier, WhereTheProcessWaitsTimeWaitsToo) {
  LoopbackCarrier carrier;
  std::vector<Heard> heard;
  listen(carrier, heard);
  const Time before = carrier.wait(kTimeZero);
  std::this_thread::sleep_for(50 * kMillisecond);
  EXPECT_LE(carrier.wait(before), before + LoopbackCarrier::kStep);
}

TEST(LoopbackCarrier, EachNodeHasAnAddressOfItsOwnOnLoopback) {
  LoopbackCarrier one;
  LoopbackCarrier other;
  std::vector<Heard> heard;
  std::vector<Heard> heard_by_other;
  listen(one, heard);
  listen(other, heard_by_other);
  for (NodeNumber node = 0; node < 3; ++node) {
    EXPECT_TRUE(dht::quic::is_loopback(one.address(node)));
    EXPECT_FALSE(one.address(node) == other.address(node));
    EXPECT_NE(one.address(node).address, one.address((node + 1) % 3).address);
  }
}

}  // namespace
}  // namespace macula::sim
