// The chores of a table: the requests of a node with maintenance, and their times.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <vector>

#include "tests/dht/node/node_fixture.h"
#include "tests/durations.h"

namespace macula::dht {
namespace {

TEST_F(NodeTest, ABucketThatSawNoLookupForAnHourIsRefreshed) {
  protocol.evict = false;  // no pings
  Node& node = start();
  node.add_contact(intern(book, id_in_bucket(numbered_id(0), 0, 1)));
  node.add_contact(intern(book, id_in_bucket(numbered_id(0), 2, 1)));
  std::set<int> looked_up;
  const Time end = host.now() + std::chrono::minutes(70);
  while (host.now() < end) {
    host.advance(kSecond);  // sooner than a request times out
    while (!host.open_requests().empty()) {
      const std::size_t request = host.open_requests().front();
      looked_up.insert(bucket_index(numbered_id(0), sent_as<wire::FindNode>(request).target));
      host.answer(request, wire::FindNodeReply{});
    }
  }
  EXPECT_EQ(looked_up, (std::set<int>{0, 1, 2, NodeId::kBits}));
  expect_idle();
}

TEST_F(NodeTest, ABucketThatIsLookedUpAnywayIsNotRefreshed) {
  protocol.evict = false;
  Node& node = start();
  node.add_contact(intern(book, id_in_bucket(numbered_id(0), 0, 1)));
  std::size_t own = 0;
  for (int minute = 0; minute < 180; ++minute) {
    node.lookup(id_in_bucket(numbered_id(0), 0, 7), [](SearchResult&) {});
    ++own;
    host.advance(std::chrono::minutes(1));
    for (const std::size_t request : host.open_requests()) {
      host.answer(request, wire::FindNodeReply{});
    }
  }
  std::size_t far = 0;
  for (const auto& request : host.requests) {
    const auto& query = std::get<wire::FindNode>(request.message);
    far += bucket_index(numbered_id(0), query.target) == 0 ? 1 : 0;
  }
  EXPECT_EQ(far, own);
}

// Pings under way, by whom they are for.
std::set<ContactRef> pinged(const FakeHost& host) {
  std::set<ContactRef> contacts;
  for (const std::size_t request : host.open_requests()) {
    const auto& one = host.requests[request];
    if (std::holds_alternative<wire::Ping>(one.message)) contacts.insert(one.to);
  }
  return contacts;
}

TEST_F(NodeTest, ASilentContactIsPingedAndLeavesOnceItHasFailedTwice) {
  Node& node = start();
  node.add_contact(contact(1));
  std::size_t pings = 0;
  while (node.table().size() > 0 && host.now() < kTimeZero + kHour) {
    host.advance(kSecond);
    pings = host.requests.size();
  }
  EXPECT_EQ(pings, 2U);
  EXPECT_GE(host.now(), kTimeZero + RoutingTable::kPatienceOfFew / 2);
  EXPECT_LE(host.now(), kTimeZero + RoutingTable::kPatienceOfFew + std::chrono::seconds(20));
  EXPECT_TRUE(node.table().dead().contains(contact(1)));
}

TEST_F(NodeTest, WhoReturnsFromTheDeadIsAskedForTheOwnNeighbourhood) {
  Node& node = start();
  node.add_contact(contact(1));
  const Time end = kTimeZero + kHour;
  while (node.table().size() > 0 && host.now() < end) host.advance(kSecond);
  while (pinged(host).count(contact(1)) == 0) {  // the dead are visited
    ASSERT_LT(host.now(), end);
    host.advance(kSecond);
  }
  const auto& visit = host.requests.back();
  host.answer(host.last_request(), wire::Pong{std::get<wire::Ping>(visit.message).timestamp, 0});
  EXPECT_TRUE(node.table().contains(contact(1)));
  host.advance(TableUpkeep::kReunion);
  const auto& lookup = host.requests.back();
  EXPECT_EQ(lookup.to, contact(1));
  EXPECT_EQ(std::get<wire::FindNode>(lookup.message).target, numbered_id(0));
}

TEST_F(NodeTest, WhoHasLostEverybodyGoesBackToTheBootstrapNodes) {
  protocol.refresh_on_join = false;
  Node& node = start({contact(1)});
  host.answer(0, wire::FindNodeReply{});
  EXPECT_TRUE(node.health().healthy);
  for (int i = 0; i < 2; ++i) {
    node.ping(contact(1), kSecond, [](const PingResult&) {});
    host.fail(host.last_request(), Failure::timeout);
  }
  EXPECT_EQ(node.table().size(), 0U);
  EXPECT_FALSE(node.health().healthy);
  host.advance(2 * Join::kFirstRetry);
  const auto& retry = host.requests.back();
  EXPECT_EQ(retry.to, contact(1));
  EXPECT_TRUE(std::holds_alternative<wire::FindNode>(retry.message));
}

TEST_F(NodeTest, WhoRefusesIsNotDead) {
  Node& node = start();
  node.add_contact(contact(1));
  for (int i = 0; i < 5; ++i) {
    node.ping(contact(1), kSecond, [](const PingResult&) {});
    host.fail(host.last_request(), Failure::refused);
  }
  EXPECT_TRUE(node.table().contains(contact(1)));
}

TEST_F(NodeTest, WithoutMaintenanceANodeAtRestHasNoTimer) {
  protocol.maintenance = false;
  start();
  EXPECT_EQ(host.open_timers(), 0U);
}

// The hour's look at the own neighbourhood asks a bootstrap node, though it left the table long
// ago.
TEST_F(NodeTest, TheOwnIdIsLookedUpWithABootstrapNodeOnceAnInterval) {
  protocol.refresh_on_join = false;
  protocol.evict = false;
  Node& node = start({contact(50)});
  host.answer(0, wire::FindNodeReply{});
  node.table().remove(contact(50));
  node.add_contact(contact(1));
  std::size_t asked = 0;
  for (int second = 0; second < 3 * 3600; ++second) {
    host.advance(kSecond);
    while (!host.open_requests().empty()) {
      const std::size_t request = host.open_requests().front();
      if (host.requests[request].to == contact(50)) {
        EXPECT_EQ(sent_as<wire::FindNode>(request).target, numbered_id(0));
        ++asked;
        host.fail(request, Failure::timeout);
      } else {
        host.answer(request, wire::FindNodeReply{});
      }
    }
  }
  EXPECT_GE(asked, 3U);
  EXPECT_LE(asked, 6U);
}

TEST_F(NodeTest, AVacancyIsLookedUpSoonAndPingsAreFewAtATime) {
  protocol.refresh_on_join = false;
  protocol.query_timeout = kHour;
  Node& node = start();
  std::vector<ContactRef> contacts;
  for (int bucket = 0; bucket < 8; ++bucket) {
    const auto tail = static_cast<std::uint64_t>(bucket) + 1;
    contacts.push_back(intern(book, id_in_bucket(numbered_id(0), bucket, tail)));
    node.add_contact(contacts.back());
  }
  host.advance(kSecond);
  lose(node, contacts[2]);
  lose(node, contacts[5]);
  std::set<int> looked_up;
  for (int i = 0; i < 2 * TableUpkeep::kRefill / kSecond; ++i) {
    host.advance(kSecond);
    for (const std::size_t request : host.open_requests()) {
      const auto* find = std::get_if<wire::FindNode>(&host.requests[request].message);
      if (find == nullptr) continue;
      looked_up.insert(bucket_index(numbered_id(0), find->target));
      host.answer(request, wire::FindNodeReply{});
    }
  }
  EXPECT_EQ(looked_up, (std::set<int>{2, 5}));
  // All fall silent: in their turns, a few at a time.
  for (const ContactRef contact : contacts) node.table().doubt(contact);
  std::size_t most = 0;
  for (int i = 0; i < 1800; ++i) {
    host.advance(kSecond);
    most = std::max(most, pinged(host).size());
  }
  EXPECT_EQ(most, TableUpkeep::kPings);
}

// A node that knows few hears within a minute that one of them has died, or tells it that it lives.
TEST_F(NodeTest, FewContactsAreAskedAfterEveryMinuteAndManyAreNot) {
  protocol.refresh_on_join = false;
  for (const std::size_t count : {std::size_t{1}, RoutingTable::kFew - 1, RoutingTable::kFew}) {
    Node& node = start({contact(1)});
    const std::size_t before = host.requests.size();
    host.answer(host.last_request(), wire::FindNodeReply{});
    for (std::uint64_t i = 2; i <= count; ++i) node.add_contact(contact(i));
    for (int second = 0; second < 300; ++second) {
      host.advance(kSecond);
      for (const std::size_t request : host.open_requests()) host.answer(request, wire::Pong{});
    }
    const std::size_t pings = host.requests.size() - before;
    if (count == RoutingTable::kFew) {
      EXPECT_EQ(pings, 0U);
    } else {
      EXPECT_GE(pings, 5 * count);
      EXPECT_LE(pings, 11 * count);
    }
  }
}

}  // namespace
}  // namespace macula::dht
