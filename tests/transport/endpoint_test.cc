#include "transport/endpoint.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <string>

namespace macula::transport {
namespace {

TEST(Endpoint, ReadsIpv4) {
  const auto endpoint = parse_endpoint("172.21.0.10:9443");
  ASSERT_TRUE(endpoint.has_value());
  EXPECT_EQ(*endpoint, make_ipv4(0xac15000a, 9443));
  EXPECT_TRUE(is_ipv4(*endpoint));
  EXPECT_EQ(format_endpoint(*endpoint), "172.21.0.10:9443");
}

TEST(Endpoint, ReadsIpv6) {
  const auto endpoint = parse_endpoint("[fd00::21]:65535");
  ASSERT_TRUE(endpoint.has_value());
  EXPECT_FALSE(is_ipv4(*endpoint));
  EXPECT_EQ(endpoint->address[0], 0xfd);
  EXPECT_EQ(endpoint->address[15], 0x21);
  EXPECT_EQ(format_endpoint(*endpoint), "[fd00::21]:65535");
}

TEST(Endpoint, IsRoutableWhereAPacketCanGo) {
  for (const char* good : {"10.0.0.1:1", "127.0.0.1:9443", "223.1.2.3:65535", "[::1]:1",
                           "[fd00::21]:9443", "[2001:db8::]:1"}) {
    EXPECT_TRUE(is_routable(*parse_endpoint(good))) << good;
  }
  for (const char* bad : {"0.0.0.0:1", "0.1.2.3:1", "224.0.0.1:1", "255.255.255.255:9443",
                          "[::]:9443", "[ff02::1]:1"}) {
    EXPECT_FALSE(is_routable(*parse_endpoint(bad))) << bad;
  }
  EXPECT_FALSE(is_routable(make_ipv4(0x0a000001, 0)));
}

TEST(Endpoint, OfOneAddressHasOneForm) {
  EXPECT_EQ(parse_endpoint("[::ffff:10.0.0.1]:1"), parse_endpoint("10.0.0.1:1"));
  EXPECT_EQ(parse_endpoint("https://172.21.0.10:9443"), parse_endpoint("172.21.0.10:9443"));
  EXPECT_NE(parse_endpoint("10.0.0.1:1"), parse_endpoint("10.0.0.1:2"));
  EXPECT_NE(parse_endpoint("10.0.0.1:1"), parse_endpoint("10.0.0.2:1"));
}

TEST(Endpoint, RefusesWhatNobodyCanReach) {
  for (const char* text : {"",
                           ":",
                           ":9443",
                           "edge1:9443",
                           "172.21.0.10",
                           "172.21.0.10:",
                           "172.21.0.10:0",
                           "172.21.0.10:65536",
                           "172.21.0.10:-1",
                           "172.21.0.10:+1",
                           "172.21.0.10: 1",
                           "172.21.0.10:1x",
                           "172.21.0.256:1",
                           "172.21.0:1",
                           " 172.21.0.10:1",
                           "fd00::21:9443",
                           "[fd00::21:9443",
                           "[172.21.0.10]:1",
                           "[]:1",
                           "http://172.21.0.10:9443",
                           "https://"}) {
    EXPECT_FALSE(parse_endpoint(text).has_value()) << text;
  }
  // A zero byte ends text in C: the bytes after it must not be overlooked.
  EXPECT_FALSE(parse_endpoint(std::string("172.21.0.10\0:1", 14)).has_value());
  EXPECT_FALSE(parse_endpoint(std::string("172.21.0.10\0x:1", 15)).has_value());
  EXPECT_FALSE(parse_endpoint(std::string("[fd00::21\0]:1", 13)).has_value());
  EXPECT_FALSE(parse_endpoint(std::string(100'000, '1') + ":1").has_value());
}

RC_GTEST_PROP(EndpointProperty, TextGoesThereAndBack, ()) {
  Endpoint endpoint;
  endpoint.address = *rc::gen::arbitrary<std::array<std::uint8_t, 16>>();
  if (*rc::gen::arbitrary<bool>()) {
    endpoint = make_ipv4(*rc::gen::arbitrary<std::uint32_t>(), 1);
  }
  endpoint.port = *rc::gen::inRange<std::uint16_t>(1, 65535);
  RC_ASSERT(parse_endpoint(format_endpoint(endpoint)) == endpoint);
}

}  // namespace
}  // namespace macula::transport
