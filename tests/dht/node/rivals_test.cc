// The last published of two writers' values counts, however late the other comes.
#include "dht/node/rivals.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>

#include "tests/dht/node/record_exchange.h"

namespace macula::dht {
namespace {

using namespace std::chrono_literals;

// The node holds what contact 1 wrote, and contact 2 sends what it wrote.
class RivalsTest : public RecordExchange {
 protected:
  void start_holder() { node = &start_far(); }
  static wire::Record written(std::uint64_t writer, std::string text, Duration ago = 0s) {
    wire::Record record = unsigned_record(std::move(text), 300'000, ms(ago));
    record.writer = writer;
    record.number = 1;
    return record;
  }
  static std::uint32_t ms(Duration duration) {
    return static_cast<std::uint32_t>(duration / kMillisecond);
  }
  void hold(std::string text, Duration ago = 0s) {
    host.tell(contact(1), wire::Store{kKey, written(1, std::move(text), ago)});
  }
  void send(std::string text) {
    host.tell(contact(2), wire::Store{kKey, written(2, std::move(text))});
  }
  std::string held() {
    const auto* entries = node->records().find(kKey);
    return entries != nullptr ? *entries->front().value->as_bytes() : "";
  }
  // Those that the node has asked for the key.
  std::multiset<ContactRef> asked() {
    std::multiset<ContactRef> asked;
    for (const auto& request : host.requests) {
      if (std::holds_alternative<wire::FindValue>(request.message)) asked.insert(request.to);
    }
    return asked;
  }

  Node* node = nullptr;
};

TEST_F(RivalsTest, WhatWasStuckOnItsWayHidesNothingThatWasWrittenLater) {
  start_holder();
  hold("new", 3s);
  send("old");  // seven seconds ago, before a cut
  EXPECT_EQ(held(), "new");
  ASSERT_EQ(asked(), std::multiset<ContactRef>{contact(2)});
  host.answer(host.last_request(), reply({written(2, "old", 7s)}));
  EXPECT_EQ(held(), "new");
  // Its publisher hears of that.
  ASSERT_FALSE(host.sent.empty());
  EXPECT_EQ(host.sent.back().to, contact(2));
  EXPECT_EQ(*std::get<wire::Store>(host.sent.back().message).record.value->as_bytes(), "new");
  EXPECT_FALSE(node->pending());
}

TEST_F(RivalsTest, WhatWasWrittenLaterIsTakenOnceItsSenderHasSaidSo) {
  start_holder();
  hold("old", 3s);
  send("new");
  EXPECT_EQ(held(), "old");
  host.answer(host.last_request(), reply({written(2, "new")}));
  EXPECT_EQ(held(), "new");
}

TEST_F(RivalsTest, AWithdrawalIsARivalToo) {
  start_holder();
  hold("new", 3s);
  wire::Record gone = written(2, "old");
  gone.withdrawn = true;
  host.tell(contact(2), wire::Store{kKey, gone});
  gone.ttl_ms -= 7000;
  wire::FindValueReply answer{ContactList{}};
  answer.withdrawn.push_back(gone);
  host.answer(host.last_request(), std::move(answer));
  EXPECT_EQ(held(), "new");
  EXPECT_FALSE(node->records().find(kKey)->front().withdrawn);
}

TEST_F(RivalsTest, WhoeverDoesNotAnswerIsTakenAtItsWord) {
  start_holder();
  hold("old", 3s);
  send("new");
  host.fail(host.last_request(), Failure::timeout);
  EXPECT_EQ(held(), "new");
}

// A reader that repairs, or a former holder, knows no better of a value that it did not write.
TEST_F(RivalsTest, WhoeverNeitherWroteItNorHoldsItIsNotBelieved) {
  start_holder();
  hold("new", 3s);
  send("old");
  host.answer(host.last_request(), wire::FindValueReply{ContactList{}});
  EXPECT_EQ(held(), "new");
  send("old");
  wire::FindValueReply answer = reply({written(2, "old")});
  answer.outside = true;
  host.answer(host.last_request(), std::move(answer));
  EXPECT_EQ(held(), "new");
}

TEST_F(RivalsTest, WhoeverWroteItIsBelievedThoughItIsNoHolder) {
  start_holder();
  hold("old", 3s);
  const ContactRef writer = intern(book, hash_id("writer"));
  const wire::Record record = written(book.id(writer).words[0], "new");
  host.tell(writer, wire::Store{kKey, record});
  wire::FindValueReply answer = reply({record});
  answer.outside = true;
  host.answer(host.last_request(), std::move(answer));
  EXPECT_EQ(held(), "new");
}

TEST_F(RivalsTest, NobodyIsAskedWhereThereIsNoRival) {
  start_holder();
  send("v");                                                  // nothing is held
  host.tell(contact(1), wire::Store{kKey, written(2, "v")});  // the same once more
  host.tell(contact(1), wire::Store{kKey, written(1, "v")});  // another writer's, of one content
  host.tell(contact(1), wire::Store{kKey, written(1, "o", 9s)});  // older in any case
  host.tell(contact(3), wire::Store{kKey, signed_record(kKey, "s", 1)});
  EXPECT_TRUE(asked().empty());
}

TEST_F(RivalsTest, OneSenderHasHalfOfThoseThatAreAskedAtATime) {
  start_holder();
  constexpr std::size_t kShare = Rivals::kMost / 2;
  const auto key = [](std::uint64_t i) { return numbered_id(i << 20); };
  for (std::uint64_t i = 0; i <= kShare; ++i) {
    host.tell(contact(1), wire::Store{key(i), written(1, "old", 3s)});
    host.tell(contact(2), wire::Store{key(i), written(2, "new")});
  }
  EXPECT_EQ(asked().size(), kShare);
  const auto newest = [&](std::uint64_t i) {
    return *node->records().find(key(i))->front().value->as_bytes();
  };
  EXPECT_EQ(newest(0), "old");
  EXPECT_EQ(newest(kShare), "new");
  host.tell(contact(3), wire::Store{key(0), written(3, "newer")});
  EXPECT_EQ(asked().size(), kShare + 1);
  EXPECT_TRUE(node->pending());
}

TEST_F(RivalsTest, LargeOnesAreAskedAboutAsFarAsMemoryGoes) {
  start_holder();
  constexpr std::size_t kLarge = 1'000'000;
  for (std::uint64_t i = 0; i < 5; ++i) {
    const Key key = numbered_id(i << 20);
    host.tell(contact(1), wire::Store{key, written(1, "old", 3s)});
    host.tell(contact(2), wire::Store{key, written(2, std::string(kLarge, 'x'))});
  }
  EXPECT_EQ(asked().size(), Rivals::kMostBytes / kLarge);
}

// ----- what was stuck came first -----

class StuckFirst : public RivalsTest {
 protected:
  StuckFirst() {
    start_holder();
    // It was stuck on its way for ten seconds.
    host.tell(early, wire::Store{kKey, by(early, "old")});
  }
  wire::Record by(ContactRef writer, std::string text, Duration ago = 0s) {
    return written(book.id(writer).words[0], std::move(text), ago);
  }
  void write_later() { host.tell(late, wire::Store{kKey, by(late, "new", 3s)}); }

  const ContactRef early = intern(book, hash_id("early"));
  const ContactRef late = intern(book, hash_id("late"));
};

TEST_F(StuckFirst, WhoeverWroteWhatIsHeldSaysHowOldItIs) {
  write_later();
  EXPECT_EQ(held(), "old");
  ASSERT_EQ(asked(), std::multiset<ContactRef>{early});
  host.answer(host.last_request(), reply({by(early, "old", 10s)}));
  EXPECT_EQ(held(), "new");
  EXPECT_TRUE(host.sent.empty());
  EXPECT_FALSE(node->pending());
}

TEST_F(StuckFirst, WhatItsWriterHasGivenUpIsDropped) {
  write_later();
  host.answer(host.last_request(), reply({by(late, "new", 3s)}));
  EXPECT_EQ(held(), "new");
  EXPECT_TRUE(host.sent.empty());
}

TEST_F(StuckFirst, WhatItsWriterStandsByHidesWhatIsOlder) {
  write_later();
  host.answer(host.last_request(), reply({by(early, "old", 1s)}));
  EXPECT_EQ(held(), "old");
  ASSERT_EQ(host.sent.size(), 1U);
  EXPECT_EQ(host.sent[0].to, late);
}

TEST_F(StuckFirst, WhereItsWriterIsSilentItIsAsYoungAsItSeems) {
  write_later();
  host.fail(host.last_request(), Failure::timeout);
  EXPECT_EQ(held(), "old");
  ASSERT_EQ(host.sent.size(), 1U);
}

TEST_F(StuckFirst, NobodyIsAskedForASenderThatDidNotWriteWhatItSends) {
  host.tell(contact(3), wire::Store{kKey, by(late, "new", 3s)});
  EXPECT_TRUE(asked().empty());
}

TEST_F(StuckFirst, SoManyWritersAreRememberedAndNoMore) {
  for (std::uint64_t i = 1; i <= Rivals::kWriters; ++i) {
    host.tell(early, wire::Store{numbered_id(i << 20), by(early, "other")});
  }
  write_later();
  EXPECT_TRUE(asked().empty());
}

}  // namespace
}  // namespace macula::dht
