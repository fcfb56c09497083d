#include "transport/peer_book.h"

#include <gtest/gtest.h>

namespace macula::transport {
namespace {

const Identity kAnna{{1, 2, 3, 4}};
const Identity kBert{{1, 2, 3, 5}};
const Endpoint kHere = make_ipv4(0x0b000001, 9443);
const Endpoint kThere = make_ipv4(0x0b000002, 9443);

TEST(PeerBook, AContactHasOneNameAndAnotherHasAnother) {
  PeerBook book;
  const Peer anna = *book.intern({kAnna, kHere, std::nullopt});
  EXPECT_EQ(book.intern({kAnna, kHere, std::nullopt}), anna);
  const Peer moved = *book.intern({kAnna, kThere, std::nullopt});
  const Peer bert = *book.intern({kBert, kHere, std::nullopt});
  const Peer behind = *book.intern({kAnna, kHere, kBert});
  EXPECT_EQ(book.size(), 4U);
  EXPECT_EQ(book.id(moved), kAnna);
  EXPECT_EQ(book.endpoint(moved), kThere);
  EXPECT_EQ(book.id(bert), kBert);
  EXPECT_FALSE(book.is_relayed(anna));
  EXPECT_TRUE(book.is_relayed(behind));
  EXPECT_EQ(book.contact(behind).relay, kBert);
}

TEST(PeerBook, FindsWhatItKnowsAndAddsNothing) {
  PeerBook book;
  const Peer anna = *book.intern({kAnna, kHere, std::nullopt});
  EXPECT_EQ(book.find({kAnna, kHere, std::nullopt}), anna);
  EXPECT_EQ(book.find({kAnna, kThere, std::nullopt}), std::nullopt);
  EXPECT_EQ(book.find({kAnna, kHere, kBert}), std::nullopt);
  EXPECT_EQ(book.size(), 1U);
}

}  // namespace
}  // namespace macula::transport
