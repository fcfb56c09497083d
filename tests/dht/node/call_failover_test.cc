// Several providers of which some are dead, far, at work, or refuse.
#include <string>

#include "tests/dht/node/calls_fixture.h"

namespace macula::dht {
namespace {

// One timeout covers all providers: the last of the silent ones is asked by its middle.
TEST_F(CallsTest, TriesAllProvidersWithinOneTimeoutTheLastByItsMiddle) {
  Node& node = start_knowing({1, 2, 3, 4});
  Call call;
  node.call(request(6 * kSecond), call.done());
  for (std::size_t asked = 1; asked < 4; ++asked) {
    EXPECT_EQ(called().size(), asked);
    host.advance(kSecond - Duration{1});
    EXPECT_EQ(called().size(), asked);
    host.advance(Duration{1});
  }
  EXPECT_EQ(called(), contacts({1, 2, 3, 4}));
  // All may still answer, until the deadline.
  for (const std::size_t each : made<wire::Call>()) {
    EXPECT_TRUE(host.requests[each].open);
    EXPECT_EQ(host.requests[each].give_up, Time{6 * kSecond});
    EXPECT_EQ(sent_as<wire::Call>(each).call_id, sent_as<wire::Call>(0).call_id);
  }
  host.advance(3 * kSecond - Duration{1});
  EXPECT_EQ(call.times, 0);
  host.advance(Duration{1});
  EXPECT_EQ(call.times, 1);
  EXPECT_EQ(error_code(call.result), "timeout");
  EXPECT_EQ(call.result.elapsed, 6 * kSecond);
  expect_idle();
}

// However many are dead, and however short the time.
TEST_F(CallsTest, TenSilentOnesLeaveHalfOfTheTimeToTheLast) {
  Node& node = start_knowing({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
  Call call;
  node.call(request(2 * kSecond), call.done());
  host.advance(kSecond - kMillisecond);
  EXPECT_EQ(called().size(), 10U);
  host.advance(2 * kMillisecond);
  ASSERT_EQ(called().size(), 11U);
  answer_call(made<wire::Call>().back(), "5");
  EXPECT_EQ(error_code(call.result), "none");
  expect_idle();
}

TEST_F(CallsTest, WhoeverWasSilentForItsTimeMayStillAnswer) {
  Node& node = start_knowing({1, 2, 3});
  Call call;
  node.call(request(8 * kSecond), call.done());
  host.advance(2 * kSecond);
  ASSERT_EQ(called(), contacts({1, 2}));
  answer_call(0, "5");
  EXPECT_EQ(std::get<wire::Bytes>(call.result.outcome), "5");
  expect_idle();
  // And is forgiven.
  node.call(request(), call.done());
  EXPECT_EQ(called().back(), contact(1));
}

// It lives and is at work: nobody else is asked before it has had its share.
TEST_F(CallsTest, WhoeverAnswersAPingIsGivenItsShareOfTheTime) {
  Node& node = start_knowing({1, 2, 3, 4, 5});
  Call call;
  node.call(request(12 * kSecond), call.done());
  host.advance(750 * kMillisecond);
  ASSERT_EQ(made<wire::Ping>().size(), 1U);
  EXPECT_EQ(host.requests[made<wire::Ping>()[0]].to, contact(1));
  host.answer(made<wire::Ping>()[0], wire::Pong{});
  host.advance(3250 * kMillisecond - Duration{1});
  EXPECT_EQ(called(), contacts({1}));
  host.advance(Duration{1});  // a third of the time
  EXPECT_EQ(called(), contacts({1, 2}));
  host.advance(4 * kSecond / 3 + kMillisecond);  // the others share half of what is left
  EXPECT_EQ(called(), contacts({1, 2, 3}));
  answer_call(0, "5");
  EXPECT_EQ(std::get<wire::Bytes>(call.result.outcome), "5");
  expect_idle();
}

TEST_F(CallsTest, APongThatComesLateStillHoldsOthersBack) {
  Node& node = start_knowing({1, 2, 3, 4});
  Call call;
  node.call(request(6 * kSecond), call.done());
  host.advance(kSecond);
  ASSERT_EQ(called(), contacts({1, 2}));
  host.answer(made<wire::Ping>()[0], wire::Pong{});
  host.advance(kSecond - Duration{1});  // until a third of six seconds have passed
  EXPECT_EQ(called(), contacts({1, 2}));
  host.advance(Duration{1});
  EXPECT_EQ(called(), contacts({1, 2, 3}));
  answer_call(0, "5");
  expect_idle();
}

TEST_F(CallsTest, NobodyIsPingedWhereNobodyElseCouldBeAsked) {
  Node& node = start_knowing({1});
  Call call;
  node.call(request(), call.done());
  host.advance(5 * kSecond);
  EXPECT_EQ(error_code(call.result), "timeout");
  EXPECT_EQ(host.requests.size(), 1U);
  expect_idle();
}

// A near one that is silent costs what its round trip takes, not its share of the time.
TEST_F(CallsTest, ASilentProviderIsDoubtedByItsRoundTrip) {
  Node& node = start_knowing({1, 2});
  for (std::uint64_t i = 0; i < 2 * RoundTrips::kEnough; ++i) {
    node.add_contact(contact(20 + i));
    Kept<SearchResult> lookup;
    node.lookup(numbered_id(20 + i), lookup.done());
    host.advance(20 * kMillisecond);
    answer_all();
  }
  const std::size_t before = host.requests.size();
  Call call;
  node.call(request(), call.done());
  host.advance(300 * kMillisecond);
  EXPECT_EQ(called(), contacts({1, 2}));
  answer_call(made<wire::Call>().back(), "5");
  EXPECT_EQ(host.requests.size(), before + 3);
  expect_idle();
}

TEST_F(CallsTest, WhereAllWereSilentTheNextCallBeginsWithTheLast) {
  Node& node = start_knowing({1, 2, 3});
  Call call;
  node.call(request(), call.done());
  host.advance(5 * kSecond);
  EXPECT_EQ(error_code(call.result), "timeout");
  node.call(request(), call.done());
  host.advance(5 * kSecond);
  EXPECT_EQ(called(), contacts({1, 2, 3, 3, 2, 1}));
  expect_idle();
}

// Providers that live and do not carry it out cost no more than their round trips, however many.
TEST_F(CallsTest, ARefusalGoesOnToTheNextProvider) {
  const std::vector<std::string> codes = {"not_found", "not_served", "busy", "refused"};
  Node& node = start_knowing({1, 2, 3, 4, 5});
  Call call;
  node.call(request(), call.done());
  for (std::size_t i = 0; i < codes.size(); ++i) refuse_call(i, codes[i]);
  ASSERT_EQ(called(), contacts({1, 2, 3, 4, 5}));
  EXPECT_EQ(call.times, 0);
  answer_call(4, "5");
  EXPECT_EQ(std::get<wire::Bytes>(call.result.outcome), "5");
  // It counts as failed.
  node.call(request(), call.done());
  EXPECT_EQ(called().back(), contact(5));
  answer_call(5, "5");
  expect_idle();
}

TEST_F(CallsTest, WhereAllHaveFailedARefusalIsTheResult) {
  Node& node = start_knowing({1, 2, 3});
  Call call;
  node.call(request(), call.done());
  host.fail(0, Failure::unreachable);
  refuse_call(1, "busy");
  host.advance(5 * kSecond);
  EXPECT_EQ(call.times, 1);
  EXPECT_EQ(error_code(call.result), "busy");
  expect_idle();
}

TEST_F(CallsTest, ProvidersThatFailedLatelyAreTriedLast) {
  Node& node = start_knowing({1, 2, 3});
  Call call;
  node.call(request(), call.done());
  host.fail(0, Failure::timeout);
  host.fail(1, Failure::unreachable);
  answer_call(2, "5");
  EXPECT_EQ(error_code(call.result), "none");
  // Next time whoever answered is first, then whoever failed longest ago.
  node.call(request(), call.done());
  EXPECT_EQ(host.requests[3].to, contact(3));
  host.fail(3, Failure::timeout);
  EXPECT_EQ(host.requests[4].to, contact(1));
  answer_call(4, "5");
  // It is forgiven by its answer, the others in time.
  node.call(request(), call.done());
  EXPECT_EQ(host.requests[5].to, contact(1));
  host.fail(5, Failure::timeout);
  EXPECT_EQ(host.requests[6].to, contact(2));
  answer_call(6, "5");
  expect_idle();
}

}  // namespace
}  // namespace macula::dht
