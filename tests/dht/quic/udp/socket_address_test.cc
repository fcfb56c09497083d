#include "dht/quic/udp/socket_address.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace macula::dht::quic {
namespace {

RC_GTEST_PROP(SocketAddressProperty, EndpointsComeBackAsTheyWere, (std::uint16_t port)) {
  Endpoint v4 = make_ipv4(*rc::gen::arbitrary<std::uint32_t>(), port);
  RC_ASSERT(to_endpoint(*to_socket_address(v4, AF_INET)) == v4);
  RC_ASSERT(to_endpoint(*to_socket_address(v4, AF_INET6)) == v4);
  Endpoint v6;
  v6.port = port;
  for (auto& byte : v6.address) byte = *rc::gen::arbitrary<std::uint8_t>();
  RC_ASSERT(to_endpoint(*to_socket_address(v6, AF_INET6)) == v6);
}

TEST(SocketAddress, PortZeroIsAllowedWhereOneListens) {
  EXPECT_EQ(parse_listen_endpoint("127.0.0.1:0"), make_ipv4(0x7f000001, 0));
  EXPECT_EQ(parse_listen_endpoint("[::1]:0")->port, 0);
  EXPECT_EQ(parse_listen_endpoint("127.0.0.1:9443"), make_ipv4(0x7f000001, 9443));
  for (const char* text : {"", ":0", "0", "127.0.0.1", "127.0.0.1:00", "host:0", "127.0.0.1:-0"}) {
    EXPECT_FALSE(parse_listen_endpoint(text)) << text;
  }
}

TEST(SocketAddress, KnowsWildcardsAndLoopback) {
  EXPECT_TRUE(is_wildcard(make_ipv4(0, 1)));
  EXPECT_TRUE(is_wildcard(*parse_endpoint("[::]:1")));
  EXPECT_FALSE(is_wildcard(make_ipv4(0x7f000001, 1)));
  EXPECT_TRUE(is_loopback(make_ipv4(0x7f0000fe, 1)));
  EXPECT_TRUE(is_loopback(*parse_endpoint("[::1]:1")));
  EXPECT_FALSE(is_loopback(*parse_endpoint("192.0.2.1:1")));
}

TEST(SocketAddress, LoopbackIsReachedFromLoopback) {
  const auto local = local_address_towards(make_ipv4(0x7f000001, 9443));
  ASSERT_TRUE(local);
  EXPECT_TRUE(is_loopback(*local));
  EXPECT_EQ(local->port, 0);
}

}  // namespace
}  // namespace macula::dht::quic
