#include "dht/protocol.h"

#include <gtest/gtest.h>

namespace macula::dht {
namespace {

TEST(Protocol, EveryNamedProfileIsFoundAndNoOther) {
  for (const auto name : profile_names()) EXPECT_TRUE(find_profile(name).has_value()) << name;
  EXPECT_FALSE(find_profile("").has_value());
  EXPECT_FALSE(find_profile("Kademlia").has_value());
}

// The defaults of the plan of 2025-11-17.
TEST(Protocol, ProfilesShareTheirParameters) {
  for (const auto name : profile_names()) {
    const Protocol protocol = *find_profile(name);
    EXPECT_EQ(protocol.k, 20U);
    EXPECT_EQ(protocol.bucket_size, 20U);
    EXPECT_EQ(protocol.alpha, 3U);
    EXPECT_EQ(protocol.max_hops, 10U);
    EXPECT_EQ(protocol.failover, 3U);
    EXPECT_EQ(protocol.query_timeout, std::chrono::seconds(5));
    EXPECT_EQ(protocol.call_timeout, std::chrono::seconds(5));
    EXPECT_EQ(protocol.deadline, std::chrono::seconds(10));
    EXPECT_EQ(protocol.ttl, std::chrono::seconds(300));
  }
}

TEST(Protocol, ProfilesDifferInTheirRules) {
  const Protocol correct = *find_profile("kademlia");
  EXPECT_EQ(correct.stop, StopRule::paper);
  EXPECT_EQ(correct.placement, Placement::lookup);
  EXPECT_EQ(correct.route, RouteRule::closer);
  EXPECT_TRUE(correct.deliver_at_max_hops);
  EXPECT_TRUE(correct.refresh_on_join);
  EXPECT_TRUE(correct.maintenance);
  EXPECT_FALSE(correct.sequential);
  const Protocol as_it_was = *find_profile("macula-0.8");
  EXPECT_EQ(as_it_was.stop, StopRule::no_change);
  EXPECT_EQ(as_it_was.placement, Placement::table);
  EXPECT_EQ(as_it_was.route, RouteRule::any);
  EXPECT_FALSE(as_it_was.deliver_at_max_hops);
  EXPECT_FALSE(as_it_was.refresh_on_join);
  EXPECT_FALSE(as_it_was.maintenance);
  EXPECT_TRUE(as_it_was.sequential);
}

}  // namespace
}  // namespace macula::dht
