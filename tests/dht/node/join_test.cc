#include "dht/node/join.h"

#include <set>

#include "tests/dht/node/node_fixture.h"

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

TEST_F(NodeTest, WhoeverListensAtAnEndpointIsJoinedThrough) {
  protocol.maintenance = false;
  Node& node = start_at({book.endpoint(contact(2))});
  ASSERT_EQ(host.meetings.size(), 1U);
  EXPECT_TRUE(host.requests.empty());
  EXPECT_FALSE(node.health().healthy);
  host.let_meet(0, contact(2));
  ASSERT_EQ(host.requests.size(), 1U);
  EXPECT_EQ(host.requests[0].to, contact(2));
  answer_all();
  EXPECT_TRUE(node.health().healthy);
  EXPECT_TRUE(node.table().contains(contact(2)));
}

TEST_F(NodeTest, ASilentEndpointIsAskedAgainAlsoAfterTheNodeHasJoinedThroughAnother) {
  protocol.maintenance = false;
  Node& node = start_at({book.endpoint(contact(2)), book.endpoint(contact(3))});
  ASSERT_EQ(host.meetings.size(), 2U);
  host.let_meet(0, contact(2));
  answer_all();
  EXPECT_TRUE(node.health().healthy);
  Duration nominal = Bootstraps::kFirstPause;
  for (int attempt = 0; attempt < 12; ++attempt) {
    const std::size_t asked = host.meetings.size();
    host.let_meet(host.last_meeting(), kNoContact);
    const Time limit = host.now() + nominal * 3 / 2;
    while (host.meetings.size() == asked && host.now() <= limit) host.advance(10 * kMillisecond);
    ASSERT_EQ(host.meetings.size(), asked + 1) << attempt;
    EXPECT_EQ(host.meetings.back().endpoint, book.endpoint(contact(3)));
    nominal = std::min(2 * nominal, Bootstraps::kLongestPause);
  }
  EXPECT_EQ(nominal, Bootstraps::kLongestPause);
  host.let_meet(host.last_meeting(), contact(3));
  answer_all();
  EXPECT_TRUE(node.table().contains(contact(3)));
  EXPECT_EQ(host.open_timers(), 0U);
}

TEST_F(NodeTest, AnEndpointIsAskedAgainOnceItsNodeHasFallenSilent) {
  protocol.maintenance = false;
  Node& node = start_at({book.endpoint(contact(2))});
  host.let_meet(0, contact(2));
  answer_all();
  for (std::uint64_t i = 3; i < 10; ++i) node.add_contact(contact(i));  // not short of contacts
  lose(node, contact(2));
  host.advance(2 * Bootstraps::kFirstPause);
  ASSERT_EQ(host.meetings.size(), 2U);
  // It came back under another key.
  const ContactRef reborn =
      *book.intern({numbered_id(77), book.endpoint(contact(2)), std::nullopt});
  host.let_meet(1, reborn);
  answer_all();
  EXPECT_TRUE(node.table().contains(reborn));
  EXPECT_FALSE(node.table().contains(contact(2)));
}

TEST_F(NodeTest, WhoeverIsMetAtAnEndpointIsAskedHoweverManyAreCloser) {
  protocol.maintenance = false;
  protocol.k = 2;
  Node& node = start_at({book.endpoint(contact(99))});
  host.let_meet(0, contact(99));
  answer_all();
  for (std::uint64_t i = 1; i < 10; ++i) node.add_contact(contact(i));
  lose(node, contact(99));
  host.advance(2 * Bootstraps::kFirstPause);
  const ContactRef reborn =
      *book.intern({numbered_id(77), book.endpoint(contact(99)), std::nullopt});
  host.let_meet(1, reborn);
  answer_all();
  EXPECT_TRUE(node.table().contains(reborn));
}

TEST_F(NodeTest, AnEndpointIsAskedAgainOnceWhoeverCameToItUnmetHasFallenSilent) {
  protocol.maintenance = false;
  Node& node = start_at({book.endpoint(contact(2))});
  host.let_meet(0, contact(2));
  answer_all();
  for (std::uint64_t i = 3; i < 10; ++i) node.add_contact(contact(i));
  // It came back under another key, and asked before it was missed: the other left the table.
  const ContactRef reborn =
      *book.intern({numbered_id(77), book.endpoint(contact(2)), std::nullopt});
  host.ask(reborn, wire::FindNode{numbered_id(5)});
  ASSERT_TRUE(node.table().contains(reborn));
  ASSERT_FALSE(node.table().contains(contact(2)));
  lose(node, reborn);
  host.advance(2 * Bootstraps::kFirstPause);
  ASSERT_EQ(host.meetings.size(), 2U);
  EXPECT_EQ(host.meetings.back().endpoint, book.endpoint(contact(2)));
}

TEST_F(NodeTest, ANodeThatHasNotStartedOrHasLeftRefusesOperations) {
  protocol.maintenance = false;
  Node& node = start();
  bool left = false;
  node.leave(kSecond, [&] { left = true; });
  EXPECT_TRUE(left);  // it advertised nothing
  NodeConfig config;
  config.self = contact(0);
  Node unstarted(host, book, protocol, config, application);
  for (Node* each : {&node, &unstarted}) {
    EXPECT_FALSE(each->running());
    int ended = 0;
    each->store(numbered_id(5), text("v"), [&](StoreResult& result) {
      EXPECT_FALSE(result.stored);
      ++ended;
    });
    each->find_value(numbered_id(5), {}, [&](FindResult& result) {
      EXPECT_TRUE(result.values.empty());
      ++ended;
    });
    each->call({"p", "1", std::nullopt, std::nullopt, false}, [&](CallResult& result) {
      EXPECT_EQ(std::get<wire::CallError>(result.outcome).code, "refused");
      ++ended;
    });
    each->ping(contact(1), kSecond, [&](const PingResult& result) {
      EXPECT_FALSE(result.answered);
      ++ended;
    });
    EXPECT_EQ(ended, 4);
    EXPECT_EQ(each->records().size(), 0U);
  }
  expect_idle();
}

TEST_F(NodeTest, LeavingTakesBackWhatIsAdvertisedButNotWhatIsStored) {
  protocol.maintenance = false;
  Node& node = start();
  node.add_contact(contact(1));
  const auto answer_lookups = [&] {
    while (!host.open_requests().empty()) {
      host.answer(host.open_requests().front(), wire::FindNodeReply{});
    }
  };
  node.advertise("calc", [](StoreResult&) {});
  node.store(numbered_id(5), text("v"), [](StoreResult&) {});
  answer_lookups();
  const std::size_t sent = host.sent.size();
  int left = 0;
  node.leave(kSecond, [&] { ++left; });
  EXPECT_EQ(left, 0);
  answer_lookups();
  EXPECT_EQ(left, 1);
  ASSERT_EQ(host.sent.size(), sent + 1);
  const auto& store = std::get<wire::Store>(host.sent.back().message);
  EXPECT_EQ(store.key, service_key("calc"));
  EXPECT_TRUE(store.record.withdrawn);
  // Where nobody answers it does not wait for longer than it may.
  Node& other = start();
  other.add_contact(contact(1));
  other.advertise("calc", [](StoreResult&) {});
  answer_lookups();
  other.leave(kSecond, [&] { ++left; });
  host.advance(kSecond);
  EXPECT_EQ(left, 2);
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

// Two outages: the delays of the second do not go on from those of the first.
TEST_F(NodeTest, TheDelaysOfJoiningBeginAnewAfterASuccess) {
  protocol.maintenance = false;
  protocol.refresh_on_join = false;
  Node& node = start({contact(1)});
  host.fail(host.last_request(), Failure::timeout);
  for (int outage = 0; outage < 2; ++outage) {
    for (int attempt = 0; attempt < 6; ++attempt) {
      if (attempt > 0) host.fail(host.last_request(), Failure::timeout);
      ASSERT_EQ(host.open_timers(), 1U);
      const Duration delay = host.timers.back().due - host.now();
      const Duration nominal =
          std::min<Duration>(Join::kFirstRetry * (1 << attempt), Join::kLongestRetry);
      EXPECT_GE(delay, nominal / 2) << outage << attempt;
      EXPECT_LT(delay, nominal * 3 / 2) << outage << attempt;
      host.advance(delay);
    }
    host.answer(host.last_request(), wire::FindNodeReply{});
    ASSERT_TRUE(node.health().healthy);
    lose(node, contact(1));
    EXPECT_FALSE(node.health().healthy);
  }
}

TEST_F(NodeTest, ThePausesOfAnEndpointBeginAnewAfterASuccess) {
  protocol.maintenance = false;
  Node& node = start_at({book.endpoint(contact(2))});
  host.let_meet(0, contact(2));
  for (std::uint64_t i = 3; i < 10; ++i) node.add_contact(contact(i));  // not short of contacts
  for (int outage = 0; outage < 2; ++outage) {
    answer_all();
    ASSERT_TRUE(node.table().contains(contact(2)));
    lose(node, contact(2));
    for (int attempt = 0; attempt < 6; ++attempt) {
      if (attempt > 0) host.let_meet(host.last_meeting(), kNoContact);
      const std::size_t asked = host.meetings.size();
      const Duration nominal = Bootstraps::kFirstPause * (1 << attempt);
      host.advance(nominal / 2 - kMillisecond);
      EXPECT_EQ(host.meetings.size(), asked) << outage << attempt;
      const Time limit = host.now() + nominal + kMillisecond;
      while (host.meetings.size() == asked && host.now() < limit) host.advance(kSecond / 10);
      ASSERT_EQ(host.meetings.size(), asked + 1) << outage << attempt;
    }
    host.let_meet(host.last_meeting(), contact(2));
  }
}

// An endpoint whose node never got into the table is asked again only when contacts are short.
TEST_F(NodeTest, WithFewContactsEndpointsAreAskedAgain) {
  protocol.maintenance = false;
  protocol.refresh_on_join = false;
  Node& node = start_at({book.endpoint(contact(2))});
  constexpr std::uint64_t kOthers = Join::kFew + 1;
  for (std::uint64_t i = 0; i < kOthers; ++i) node.add_contact(contact(10 + i));
  host.let_meet(0, contact(2));
  while (!host.open_requests().empty()) {
    const std::size_t request = host.open_requests().front();
    if (host.requests[request].to == contact(2)) {
      host.fail(request, Failure::timeout);
    } else {
      host.answer(request, wire::FindNodeReply{});
    }
  }
  ASSERT_TRUE(node.health().healthy);
  ASSERT_FALSE(node.table().contains(contact(2)));
  lose(node, contact(10));
  ASSERT_EQ(node.table().size(), Join::kFew);
  host.advance(Bootstraps::kLongestPause);
  EXPECT_EQ(host.meetings.size(), 1U);
  lose(node, contact(11));
  host.advance(Bootstraps::kFirstPause * 3 / 2);
  EXPECT_EQ(host.meetings.size(), 2U);
}

TEST_F(NodeTest, EndpointsThatAreNewAreAskedAtOnceAndThoseThatStayAreNot) {
  protocol.maintenance = false;
  Node& node = start_at({book.endpoint(contact(2)), book.endpoint(contact(2))});
  ASSERT_EQ(host.meetings.size(), 1U);
  host.let_meet(0, contact(2));
  answer_all();
  node.set_endpoints({book.endpoint(contact(2)), book.endpoint(contact(5))});
  ASSERT_EQ(host.meetings.size(), 2U);
  EXPECT_EQ(host.meetings.back().endpoint, book.endpoint(contact(5)));
  host.let_meet(1, contact(5));
  answer_all();
  EXPECT_TRUE(node.table().contains(contact(5)));
  // An answer from where nobody is configured any more leads nowhere.
  node.set_endpoints({book.endpoint(contact(6))});
  ASSERT_EQ(host.meetings.size(), 3U);
  node.set_endpoints({book.endpoint(contact(2))});
  const std::size_t asked = host.requests.size();
  host.let_meet(2, contact(6));
  EXPECT_EQ(host.requests.size(), asked);
}

// A node that is met while the first lookup goes on is joined through after it.
TEST_F(NodeTest, WhoIsMetLateIsJoinedThroughToo) {
  protocol.maintenance = false;
  Node& node = start_at({book.endpoint(contact(2)), book.endpoint(contact(3))});
  host.let_meet(0, contact(2));
  ASSERT_EQ(host.open_requests().size(), 1U);
  host.let_meet(1, contact(3));
  EXPECT_EQ(host.open_requests().size(), 1U);
  answer_all();
  EXPECT_TRUE(node.health().healthy);
  EXPECT_TRUE(node.table().contains(contact(3)));
  EXPECT_EQ(host.open_timers(), 0U);
}

// Contacts of a former life that are silent now are remembered as lost at once.
TEST_F(NodeTest, WhoWasKnownAndIsSilentAtTheStartIsNotForgotten) {
  protocol.maintenance = false;
  Node& node = start({contact(1), contact(2), contact(3)});
  while (!host.open_requests().empty()) {
    const std::size_t request = host.open_requests().front();
    if (host.requests[request].to == contact(1)) {
      host.answer(request, wire::FindNodeReply{});
    } else {
      host.fail(request, Failure::timeout);
    }
  }
  EXPECT_TRUE(node.health().healthy);
  EXPECT_EQ(node.table().dead().lasting(), 2U);
  EXPECT_FALSE(node.table().dead().contains(contact(1)));
}

}  // namespace
}  // namespace macula::dht
