// Copies that finders leave: with whom, for how long, and what a node makes of one.
#include "dht/record/copies.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "tests/dht/node/node_fixture.h"
#include "tests/dht/records.h"

namespace macula::dht {
namespace {

using namespace std::chrono_literals;
using Find = Kept<FindResult>;
using Records = std::vector<wire::Record>;

class CopiesTest : public NodeTest {
 protected:
  CopiesTest() {
    protocol.maintenance = false;
    protocol.alpha = 4;
  }
  // Asks 1, 2, 4 and 8.
  Node& find_at_four(Find& find) {
    Node& node = start_as(contact(0xffff));
    for (const std::uint64_t number : {1U, 2U, 4U, 8U}) node.add_contact(contact(number));
    node.find_value(kZeroKey, {}, find.done());
    return node;
  }
  void answer_of(std::uint64_t number, wire::FindValueReply reply) {
    for (std::size_t i = 0; i < host.requests.size(); ++i) {
      if (host.requests[i].open && host.requests[i].to == contact(number)) {
        host.answer(i, std::move(reply));
        return;
      }
    }
    FAIL() << number << " is not asked";
  }
  static wire::FindValueReply lacks(bool would_keep = true) {
    return {ContactList{}, {}, would_keep};
  }
  static wire::FindValueReply gives(wire::Record record, bool copy = false) {
    return {Records{std::move(record)}, {}, copy};
  }
  struct Left {
    ContactRef with{};
    std::uint64_t keep_ms = 0;
    std::size_t records = 0;
  };
  std::vector<Left> left() {
    std::vector<Left> left;
    for (const auto& sent : host.sent) {
      if (const auto* copy = std::get_if<wire::LeaveCopy>(&sent.message)) {
        left.push_back({sent.to, copy->keep_ms, copy->records.size()});
      }
    }
    return left;
  }

  // Somebody leaves it with this node.
  void leave(wire::Record record, std::uint64_t keep_ms) {
    wire::LeaveCopy copy{kZeroKey, keep_ms, {}};
    copy.records.push_back(std::move(record));
    host.ask(contact(7), wire::FindValue{kZeroKey});  // and so is asked for one
    host.tell(contact(7), std::move(copy));
  }
  const wire::FindValueReply& answer() {
    return replied_as<wire::FindValueReply>(host.ask(contact(9), wire::FindValue{kZeroKey}));
  }
  bool answers_a_copy() {
    const auto& reply = answer();
    return std::holds_alternative<Records>(reply.result) && reply.copy;
  }
};

TEST_F(CopiesTest, OneIsLeftWithTheClosestThatHadNone) {
  Find find;
  find_at_four(find);
  answer_of(8, lacks());
  answer_of(2, lacks());
  answer_of(4, lacks());
  answer_of(1, gives(unsigned_record("x", 320'000, 0)));
  ASSERT_EQ(find.times, 1);
  ASSERT_EQ(left().size(), 1U);
  EXPECT_EQ(left()[0].with, contact(2));
  EXPECT_EQ(left()[0].keep_ms, 160'000U);  // one bit farther than the holder
  EXPECT_EQ(left()[0].records, 1U);
}

TEST_F(CopiesTest, ItsTimeIsHalvedWithEachBitOfDistance) {
  Find find;
  find_at_four(find);
  answer_of(8, lacks());
  answer_of(1, gives(unsigned_record("x", 320'000, 160'000)));
  ASSERT_EQ(left().size(), 1U);
  EXPECT_EQ(left()[0].with, contact(8));
  EXPECT_EQ(left()[0].keep_ms, 20'000U);
}

TEST_F(CopiesTest, NoneIsLeftForLessThanASecond) {
  Find find;
  find_at_four(find);
  answer_of(8, lacks());
  answer_of(1, gives(unsigned_record("x", 300'000, 300'000 - 7'999)));
  EXPECT_TRUE(left().empty());
}

TEST_F(CopiesTest, NoneIsLeftWithWhoDoesNotAskForIt) {
  Find find;
  find_at_four(find);
  answer_of(2, lacks(false));
  answer_of(1, gives(unsigned_record("x")));
  EXPECT_TRUE(left().empty());
}

TEST_F(CopiesTest, ACopyIsAnAnswerButIsNotCopied) {
  Find find;
  find_at_four(find);
  answer_of(2, lacks());
  answer_of(1, gives(unsigned_record("x"), true));
  EXPECT_EQ(find.result.values.size(), 1U);
  EXPECT_TRUE(left().empty());
}

TEST_F(CopiesTest, WhoWantsMoreThanOnesWordDoesNotCountCopies) {
  protocol.quorum = 2;
  Find find;
  find_at_four(find);
  answer_of(1, gives(unsigned_record("x"), true));
  answer_of(2, gives(unsigned_record("x"), true));
  answer_of(4, gives(unsigned_record("x")));
  EXPECT_EQ(find.times, 0);
  answer_of(8, gives(unsigned_record("x")));
  EXPECT_EQ(find.times, 1);
}

TEST_F(CopiesTest, OneThatIsLeftHereIsServedForItsTimeButNotForLong) {
  start_as(contact(0xffff));
  EXPECT_TRUE(answer().copy);  // one would be kept
  leave(unsigned_record("x"), 5'000);
  EXPECT_TRUE(answers_a_copy());
  host.advance(5s - 1ns);
  EXPECT_TRUE(answers_a_copy());
  host.advance(1ns);
  EXPECT_FALSE(answers_a_copy());
  leave(unsigned_record("x"), 300'000);
  host.advance(kLongestCopy - 1ns);
  EXPECT_TRUE(answers_a_copy());
  host.advance(1ns);
  EXPECT_FALSE(answers_a_copy());
}

TEST_F(CopiesTest, WhoeverServesACopyNamesTheContactsToo) {
  Node& node = start_as(contact(0xffff));
  node.add_contact(contact(3));
  leave(unsigned_record("x"), 5'000);
  const wire::FindValueReply& reply = answer();
  EXPECT_TRUE(reply.copy);
  ASSERT_TRUE(reply.closer != nullptr);
  EXPECT_EQ(std::count(reply.closer->begin(), reply.closer->end(), contact(3)), 1);
}

TEST_F(CopiesTest, NeitherItsRecordsLifeNorAStoredRecordIsOutlived) {
  Node& node = start_as(contact(0xffff));
  leave(unsigned_record("x", 300'000, 297'000), 30'000);
  EXPECT_TRUE(answers_a_copy());
  host.advance(3s);
  EXPECT_FALSE(answers_a_copy());
  leave(unsigned_record("x"), 30'000);
  host.tell(contact(1), wire::Store{kZeroKey, unsigned_record("y")});
  EXPECT_FALSE(answers_a_copy());
  EXPECT_TRUE(std::holds_alternative<Records>(answer().result));
  EXPECT_EQ(node.storage().copies().size(), 0U);
  leave(unsigned_record("x"), 30'000);  // a holder knows better
  EXPECT_EQ(node.storage().copies().size(), 0U);
}

TEST_F(CopiesTest, ForgedWithdrawnAndTooLongLivedRecordsAreNotKept) {
  Node& node = start_as(contact(0xffff));
  wire::Record forged = signed_record(kZeroKey, "x", 7);
  forged.value = text_value("forged");
  leave(forged, 30'000);
  leave(signed_record(kZeroKey, "x", 7, 0, true), 30'000);
  leave(unsigned_record("x", 0xffffffffU), 30'000);
  leave({text_value("of no told life")}, 30'000);
  EXPECT_EQ(node.storage().copies().size(), 0U);
  EXPECT_EQ(node.storage().counts().forged, 1U);
  leave(signed_record(kZeroKey, "x", 7), 30'000);
  EXPECT_TRUE(answers_a_copy());
}

TEST_F(CopiesTest, ANodeThatLeavesNoneKeepsNone) {
  protocol.leave_copies = false;
  Find find;
  find_at_four(find);
  answer_of(2, lacks());
  answer_of(1, gives(unsigned_record("x")));
  EXPECT_TRUE(left().empty());
  EXPECT_FALSE(answer().copy);
  leave(unsigned_record("x"), 30'000);
  EXPECT_FALSE(answers_a_copy());
}

RC_GTEST_PROP(CopiesProperty, AreBoundedAndGoneInTimeWhateverIsLeft, ()) {
  Copies copies;
  Time now = kTimeZero;
  const int steps = *rc::gen::inRange(0, 600);
  for (int step = 0; step < steps; ++step) {
    now += std::chrono::milliseconds(*rc::gen::inRange(0, 200));
    const Key key = numbered_id(*rc::gen::inRange<std::uint64_t>(0, 400));
    if (*rc::gen::inRange(0, 10) == 0) {
      copies.drop(key);
      RC_ASSERT(!copies.serves(key, now));
      continue;
    }
    RecordStore::Entry entry;
    entry.value = text_value("x");
    entry.expires = now + 100s;
    entry.bytes = *rc::gen::inRange<std::uint32_t>(1, 40'000);
    const Duration keep = std::chrono::milliseconds(*rc::gen::inRange(0, 5000));
    copies.put(key, {entry}, now + keep, now);
    RC_ASSERT(copies.serves(key, now) == (keep > Duration{0}));
    RC_ASSERT(!copies.serves(key, now + keep));
    EXPECT_EQ(copies.violation(), std::nullopt);
  }
}

}  // namespace
}  // namespace macula::dht
