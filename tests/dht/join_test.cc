#include "dht/join.h"

#include <set>

#include "tests/dht/node_fixture.h"

namespace macula::dht {
namespace {

TEST_F(NodeTest, TheFirstNodeOfANetworkHasJoinedAtOnce) {
  EXPECT_TRUE(start().health().healthy);
  EXPECT_TRUE(host.requests.empty());
  expect_idle();
}

TEST_F(NodeTest, JoinAsksTheBootstrapForItsOwnIdThenRefreshesFartherBuckets) {
  const ContactRef bootstrap = intern(book, id_in_bucket(numbered_id(0), 1, 1));
  const ContactRef neighbour = intern(book, id_in_bucket(numbered_id(0), 3, 1));
  Node& node = start({bootstrap});
  EXPECT_FALSE(node.health().healthy);
  EXPECT_EQ(host.requests.at(0).to, bootstrap);
  EXPECT_EQ(sent_as<wire::FindNode>(0).target, numbered_id(0));
  host.answer(0, wire::FindNodeReply{list_of({neighbour})});
  EXPECT_EQ(host.requests.at(1).to, neighbour);
  host.answer(1, wire::FindNodeReply{});
  // The neighbour lies in bucket 3: one lookup each in buckets 2, 1 and 0.
  std::vector<int> buckets;
  while (!host.open_requests().empty()) {
    const std::size_t request = host.open_requests().front();
    const int bucket = bucket_index(numbered_id(0), sent_as<wire::FindNode>(request).target);
    if (buckets.empty() || buckets.back() != bucket) buckets.push_back(bucket);
    EXPECT_FALSE(node.health().healthy);
    host.answer(request, wire::FindNodeReply{});
  }
  EXPECT_EQ(buckets, (std::vector<int>{2, 1, 0}));
  EXPECT_TRUE(node.health().healthy);
  EXPECT_TRUE(node.table().contains(neighbour));
  expect_idle();
}

TEST_F(NodeTest, ABootstrapNodeLearntLateIsAskedAtOnceWhereTheNodeWaits) {
  protocol.maintenance = false;
  Node& node = start({contact(1)});
  host.fail(0, Failure::timeout);
  ASSERT_EQ(host.open_timers(), 1U);  // waits before it tries again
  node.add_bootstrap(contact(2));
  ASSERT_EQ(host.requests.size(), 3U);  // both are asked, at once
  EXPECT_EQ(host.requests[2].to, contact(2));
  host.answer(2, wire::FindNodeReply{});
  host.fail(1, Failure::timeout);
  while (!host.open_requests().empty()) {
    host.answer(host.open_requests().front(), wire::FindNodeReply{});
  }
  EXPECT_TRUE(node.health().healthy);
  // The retry that had been planned does nothing to a node that has joined.
  const std::size_t asked = host.requests.size();
  host.advance(2 * Join::kFirstRetry);
  EXPECT_EQ(host.requests.size(), asked);
  EXPECT_TRUE(node.health().healthy);
}

TEST_F(NodeTest, Macula08JoinsWithoutRefreshing) {
  protocol = *find_profile("macula-0.8");
  Node& node = start({contact(1)});
  host.answer(0, wire::FindNodeReply{});
  EXPECT_TRUE(node.health().healthy);
  expect_idle();
}

TEST_F(NodeTest, JoinIsTriedAgainAfterAJitteredDoublingBoundedDelay) {
  protocol.maintenance = false;
  Node& node = start({contact(1)});
  Duration nominal = Join::kFirstRetry;
  std::set<Duration> shares;
  for (int attempt = 0; attempt < 12; ++attempt) {
    const std::size_t request = host.last_request();
    EXPECT_EQ(host.requests.size(), static_cast<std::size_t>(attempt) + 1);
    host.fail(request, Failure::timeout);
    EXPECT_FALSE(node.health().healthy);
    ASSERT_EQ(host.open_timers(), 1U);
    const Duration delay = host.timers.back().due - host.now();
    EXPECT_GE(delay, nominal / 2) << attempt;
    EXPECT_LT(delay, nominal * 3 / 2) << attempt;
    shares.insert(delay * 1000 / nominal.count());
    nominal = std::min(2 * nominal, Join::kLongestRetry);
    host.advance(delay);
  }
  EXPECT_EQ(nominal, Join::kLongestRetry);
  EXPECT_GE(shares.size(), 10U);  // jittered, not in lockstep
  host.answer(host.last_request(), wire::FindNodeReply{});
  while (!host.open_requests().empty()) {
    host.answer(host.open_requests().front(), wire::FindNodeReply{});
  }
  EXPECT_TRUE(node.health().healthy);
  expect_idle();
}

}  // namespace
}  // namespace macula::dht
