#include "dht/quic/engine/send_queue.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

namespace macula::dht::quic {
namespace {

// The bytes come out in order, in whatever portions they are written, taken and acknowledged, and
// stay where they are until they are acknowledged.
RC_GTEST_PROP(SendQueue, BytesKeepTheirOrderAndTheirPlace, ()) {
  SendQueue queue;
  std::string written, taken;
  std::vector<const std::uint8_t*> places;  // of the bytes taken
  std::uint64_t acknowledged = 0;
  const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 3));
  for (const int step : steps) {
    if (step == 0) {
      const auto bytes = *rc::gen::string<std::string>();
      written += bytes;
      queue.push(bytes);
    } else if (step == 1) {
      const SendQueue::Offer offer = queue.offer();
      std::size_t offered = 0;
      for (std::size_t i = 0; i < offer.count; ++i) offered += offer.pieces[i].len;
      auto left = *rc::gen::inRange<std::size_t>(0, offered + 1);
      queue.sent(left, false);
      for (std::size_t i = 0; i < offer.count && left > 0; ++i) {
        for (std::size_t j = 0; j < offer.pieces[i].len && left > 0; ++j, --left) {
          places.push_back(offer.pieces[i].base + j);
          taken.push_back(static_cast<char>(offer.pieces[i].base[j]));
        }
      }
    } else {
      const auto more = *rc::gen::inRange<std::uint64_t>(0, taken.size() - acknowledged + 1);
      acknowledged += more;
      RC_ASSERT(queue.acknowledged(acknowledged) == more);
    }
    RC_ASSERT(written.substr(0, taken.size()) == taken);
    RC_ASSERT(queue.unacknowledged() == written.size() - acknowledged);
    RC_ASSERT(queue.has_bytes_to_send() == (taken.size() < written.size()));
    for (std::size_t i = acknowledged; i < taken.size(); ++i) {
      RC_ASSERT(static_cast<char>(*places[i]) == taken[i]);
    }
  }
}

TEST(SendQueue, TheEndGoesWithTheLastBytes) {
  SendQueue queue;
  for (std::size_t i = 0; i < SendQueue::kPieces + 1; ++i) queue.push("ab");
  queue.finish();
  EXPECT_FALSE(queue.offer().fin);  // not all of it is offered
  queue.sent(2, false);
  EXPECT_TRUE(queue.offer().fin);
  queue.sent(3, true);  // not all that was offered was taken: nor was the end
  EXPECT_TRUE(queue.wants_to_send());
  queue.sent(2 * SendQueue::kPieces - 3, true);
  EXPECT_FALSE(queue.wants_to_send());
  EXPECT_FALSE(queue.arrived());
  queue.acknowledged(2 * SendQueue::kPieces + 2);
  EXPECT_TRUE(queue.arrived());
}

TEST(SendQueue, AnEndAloneIsSent) {
  SendQueue queue;
  EXPECT_FALSE(queue.wants_to_send());
  queue.finish();
  EXPECT_TRUE(queue.wants_to_send());
  EXPECT_FALSE(queue.has_bytes_to_send());
  EXPECT_TRUE(queue.offer().fin);
  EXPECT_EQ(queue.offer().count, 0u);
  queue.sent(0, true);
  EXPECT_FALSE(queue.wants_to_send());
}

TEST(SendQueue, ClearedItHasOnlyItsEndLeft) {
  SendQueue queue;
  queue.push("abc");
  queue.push("de");
  queue.finish();
  EXPECT_TRUE(queue.untouched());
  EXPECT_EQ(queue.clear(), 5u);
  EXPECT_EQ(queue.unacknowledged(), 0u);
  EXPECT_FALSE(queue.has_bytes_to_send());
  EXPECT_TRUE(queue.wants_to_send());
  EXPECT_EQ(queue.offer().count, 0u);
  queue.sent(0, true);
  EXPECT_FALSE(queue.untouched());
  EXPECT_FALSE(queue.wants_to_send());
}

TEST(SendQueue, GivenUpItKeepsWhatWasTaken) {
  SendQueue queue;
  queue.push("first");
  queue.push("second");
  queue.push("third");
  const auto* place = queue.offer().pieces[1].base;
  queue.sent(7, false);
  EXPECT_EQ(queue.give_up(), 16u);
  EXPECT_EQ(text_of(place, 6), "second");
  EXPECT_FALSE(queue.wants_to_send());
  EXPECT_EQ(queue.unacknowledged(), 0u);
  EXPECT_EQ(queue.give_up(), 0u);
  queue.push("more");
  EXPECT_FALSE(queue.wants_to_send());
}

}  // namespace
}  // namespace macula::dht::quic
