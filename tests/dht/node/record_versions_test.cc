// Versions of a record between nodes: which is the newer, and who hears of it.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "dht/record/record_reading.h"
#include "tests/dht/node/record_exchange.h"

namespace macula::dht {
namespace {

using namespace std::chrono_literals;

class RecordVersions : public RecordExchange {
 protected:
  static constexpr NodeId kWriter{{5, 0, 0, 0}};
};

TEST_F(RecordVersions, WhoStoresAnOlderVersionIsSentTheNewer) {
  start_far();
  host.tell(contact(1), wire::Store{kKey, signed_record(kKey, "new", 8)});
  host.tell(contact(2), wire::Store{kKey, signed_record(kKey, "old", 7)});
  host.tell(contact(3), wire::Store{kKey, signed_record(kKey, "new", 8)});
  ASSERT_EQ(host.sent.size(), 1U);
  EXPECT_EQ(host.sent[0].to, contact(2));
  EXPECT_EQ(std::get<wire::Store>(host.sent[0].message).record.proof->sequence, 8U);
}

// Its clock was set back, or it has lost its memory: the holders know how far it had come.
TEST_F(RecordVersions, APublisherLearnsHowFarItHadCome) {
  protocol.maintenance = true;
  Node& node = start_far();
  node.add_contact(contact(1));
  Store store;
  node.store(kKey, text("again"), {true}, store.done());
  host.answer(0, wire::FindNodeReply{});
  const auto& first = std::get<wire::Store>(host.sent.at(0).message).record;
  host.tell(contact(1), wire::Store{kKey, signed_record(kKey, "before", 1'000'000, 3)});
  host.advance(RecordUpkeep::kSoon);
  host.answer(host.last_request(), wire::FindNodeReply{});
  const auto& second = std::get<wire::Store>(host.sent.at(1).message).record;
  EXPECT_LT(first.proof->sequence, 1'000'000U);
  EXPECT_GT(second.proof->sequence, 1'000'000U);
  EXPECT_EQ(*second.value, *text("again"));
}

wire::Record published_again(std::string text, std::uint64_t since_ms) {
  wire::Record record = unsigned_record(std::move(text));
  record.since_ms = since_ms;
  return record;
}

TEST_F(RecordVersions, PublishedAgainAValueIsNoNewerThanItWas) {
  Node& node = start_far();
  host.advance(20 * kSecond);
  host.tell(contact(1), wire::Store{kKey, unsigned_record("new")});
  host.advance(5 * kSecond);
  host.tell(contact(2), wire::Store{kKey, published_again("old", 10'000)});
  EXPECT_EQ(node.records().values(kKey, host.now()).size(), 1U);
  EXPECT_EQ(*node.records().values(kKey, host.now())[0], *text("new"));
  // The publisher of the old one is told.
  ASSERT_FALSE(host.sent.empty());
  EXPECT_EQ(host.sent.back().to, contact(2));
  EXPECT_EQ(*std::get<wire::Store>(host.sent.back().message).record.value, *text("new"));
  // One that is really newer takes its place, and keeps its age when it is passed on.
  host.tell(contact(3), wire::Store{kKey, published_again("newest", 2'000)});
  host.fail(host.last_request(), Failure::timeout);  // whether it is so young is asked
  host.advance(kSecond);
  const auto held = std::get<std::vector<wire::Record>>(answer().result);
  ASSERT_EQ(held.size(), 1U);
  EXPECT_EQ(*held[0].value, *text("newest"));
  EXPECT_EQ(held[0].since_ms, 3'000U);
}

TEST_F(RecordVersions, APublisherThatHearsOfANewerForeignValueStops) {
  Node& node = start_far();
  node.add_contact(contact(1));
  Store store;
  node.store(kKey, text("mine"), store.done());
  answer_all();
  EXPECT_EQ(node.storage().publications().size(), 1U);
  host.advance(10 * kSecond);
  // The same again, from a holder, is no reason.
  host.tell(contact(1), wire::Store{kKey, unsigned_record("mine", 300'000, 10'000)});
  EXPECT_EQ(node.storage().publications().size(), 1U);
  host.tell(contact(1), wire::Store{kKey, unsigned_record("yours")});
  host.fail(host.last_request(), Failure::timeout);  // whether it is so young is asked
  EXPECT_EQ(node.storage().publications().size(), 0U);
}

TEST_F(RecordVersions, WhatIsPublishedAgainSaysSinceWhen) {
  protocol.maintenance = true;
  Node& node = start_far();
  node.add_contact(contact(1));
  Store store;
  node.store(kKey, text("x"), store.done());
  answer_all();
  ASSERT_EQ(host.sent.size(), 1U);
  EXPECT_EQ(std::get<wire::Store>(host.sent.back().message).record.since_ms, 0U);
  for (int i = 0; i < 240 && host.sent.size() == 1; ++i) {
    host.advance(kSecond);
    answer_all();
  }
  ASSERT_EQ(host.sent.size(), 2U);
  const auto& again = std::get<wire::Store>(host.sent.back().message).record;
  EXPECT_GE(again.since_ms, 100'000U);
  EXPECT_EQ(again.lifetime_ms, 300'000U);
}

wire::Record written(std::string text, std::uint64_t number, std::uint32_t age_ms = 0,
                     std::uint64_t writer = 7) {
  wire::Record record = unsigned_record(std::move(text), 300'000, age_ms);
  record.writer = writer;
  record.number = number;
  return record;
}

TEST_F(RecordVersions, OfOneWritersValuesTheLaterCountsHoweverLateTheEarlierComes) {
  Node& node = start_far();
  host.advance(20 * kSecond);
  host.tell(contact(1), wire::Store{kKey, written("new", 2)});
  host.advance(5 * kSecond);
  host.tell(contact(1), wire::Store{kKey, written("old", 1)});
  EXPECT_EQ(*node.records().values(kKey, host.now()).at(0), *text("new"));
  ASSERT_EQ(host.sent.size(), 1U);
  EXPECT_EQ(std::get<wire::Store>(host.sent[0].message).record.number, 2U);
  wire::Record tombstone = written("new", 4);
  tombstone.withdrawn = true;
  host.tell(contact(1), wire::Store{kKey, tombstone});
  host.advance(5 * kSecond);
  host.tell(contact(1), wire::Store{kKey, written("old", 3)});
  EXPECT_TRUE(node.records().values(kKey, host.now()).empty());
}

// One copy has come late, and seems younger than a value that replaced it; another tells its age.
// Where a holder has answered, others are heard of whoever wrote what it holds, and of nobody else.
TEST_F(RecordVersions, ALaterWriteCountsThoughNobodyHoldsItWhoSaysSo) {
  const auto read = [&](const wire::Record& by_holder, const wire::Record& by_other) {
    std::vector<FoundRecords> found(2);
    found[0] = {contact(1), kTimeZero, {by_other}, {}, false, true};
    found[1] = {contact(2), kTimeZero, {by_holder}, {}, false, false};
    FindResult result;
    result.values = RecordReading(kKey, nullptr, found, protocol, kTimeZero).values();
    return texts(result);
  };
  EXPECT_EQ(read(written("old", 1), written("new", 2)), Texts{"new"});
  EXPECT_EQ(read(written("new", 2), written("old", 1)), Texts{"new"});
  EXPECT_EQ(read(written("held", 1), written("other", 2, 0, 8)), Texts{"held"});
}

TEST_F(RecordVersions, CopiesOfOneWriteAreAsOldAsTheOldest) {
  Node& node = start_far();
  host.advance(60 * kSecond);
  host.tell(contact(1), wire::Store{kKey, written("old", 1)});
  host.tell(contact(2), wire::Store{kKey, written("old", 1, 20'000)});
  host.tell(contact(3), wire::Store{kKey, written("new", 1, 10'000, 8)});
  host.fail(host.last_request(), Failure::timeout);  // whether it is so young is asked
  EXPECT_EQ(*node.records().values(kKey, host.now()).at(0), *text("new"));
}

TEST_F(RecordVersions, AFormerLifeOfThePublisherIsNoForeignWriter) {
  protocol.maintenance = true;
  Node& node = start_as(intern(book, kWriter));
  node.add_contact(contact(1));
  Store store;
  node.store(kKey, text("again"), store.done());
  answer_all();
  const std::uint64_t own = kWriter.words[0];
  host.advance(10 * kSecond);
  host.tell(contact(1), wire::Store{kKey, written("before", 1'000'000, 0, own)});
  ASSERT_EQ(node.storage().publications().size(), 1U);
  host.advance(RecordUpkeep::kSoon);
  answer_all();
  const auto& last = std::get<wire::Store>(host.sent.back().message).record;
  EXPECT_EQ(*last.value, *text("again"));
  EXPECT_EQ(last.number, 1'000'001U);
  EXPECT_EQ(*node.records().values(kKey, host.now()).at(0), *text("again"));
}

// The last number there is leaves no greater one: whoever claims it is a stranger.
TEST_F(RecordVersions, ANumberThatCannotBePassedIsForeign) {
  Node& node = start_as(intern(book, kWriter));
  node.add_contact(contact(1));
  Store store;
  node.store(kKey, text("mine"), store.done());
  answer_all();
  const std::uint64_t own = kWriter.words[0];
  host.tell(contact(1), wire::Store{kKey, written("theirs", ~std::uint64_t{0}, 0, own)});
  EXPECT_EQ(node.storage().publications().size(), 0U);
}

// Each writer's latest counts, and the age of a write is that of its oldest copy: so the order in
// which answers come is all the same.
RC_GTEST_FIXTURE_PROP(RecordVersions, TheOrderOfAnswersIsAllTheSame, ()) {
  std::vector<FoundRecords> found(*rc::gen::inRange<std::size_t>(1, 7));
  const Time now{100 * kSecond};
  for (FoundRecords& each : found) {
    const auto writer = *rc::gen::inRange<std::uint64_t>(1, 4);
    const auto number = *rc::gen::inRange<std::uint64_t>(1, 3);
    const auto age = *rc::gen::inRange<std::uint32_t>(0, 20) * 2'000 +
                     static_cast<std::uint32_t>(writer * 10 + number);
    each.from = contact(1);
    each.at = now;
    each.outside = *rc::gen::arbitrary<bool>();
    each.records.push_back(
        written(std::to_string(writer) + ' ' + std::to_string(number), number, age, writer));
  }
  const auto read = [&](const std::vector<FoundRecords>& answers) {
    const RecordReading reading(kKey, nullptr, answers, protocol, now);
    return *reading.values().at(0)->as_bytes();
  };
  const std::string expected = read(found);
  std::vector<FoundRecords> turned(found.rbegin(), found.rend());
  RC_ASSERT(read(turned) == expected);
  std::rotate(turned.begin(), turned.begin() + 1, turned.end());
  RC_ASSERT(read(turned) == expected);
}

// A reader never goes back to an older version, whatever holders answer and in whatever order.
RC_GTEST_FIXTURE_PROP(RecordVersions, VersionsAreMonotoneAtEveryReader, ()) {
  protocol.quorum = *rc::gen::inRange(1U, 4U);
  protocol.k = 4;
  Node& node = start_far();
  for (const std::uint64_t number : {1U, 2U, 3U, 4U}) node.add_contact(contact(number));
  FindOptions network_only;
  network_only.local = false;
  std::uint64_t seen = 0;
  const int reads = *rc::gen::inRange(1, 8);
  for (int read = 0; read < reads; ++read) {
    Find find;
    node.find_value(kKey, network_only, find.done());
    while (find.times == 0) {
      const std::size_t request = host.open_requests().front();
      const auto sequence = *rc::gen::inRange<std::uint64_t>(1, 9);
      switch (*rc::gen::inRange(0, 5)) {
        case 0:
          host.fail(request, Failure::timeout);
          break;
        case 1:
          host.answer(request, wire::FindValueReply{ContactList{}});
          break;
        default:
          host.answer(request, reply({signed_record(kKey, std::to_string(sequence), sequence)}));
      }
    }
    for (const auto& value : find.result.values) {
      const std::uint64_t version = std::stoull(*value->as_bytes());
      RC_ASSERT(version >= seen);
      seen = version;
    }
    EXPECT_EQ(node.violation(), std::nullopt);
  }
}

}  // namespace
}  // namespace macula::dht
