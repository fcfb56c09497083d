#include "base/hash.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>
#include <string>

namespace macula {
namespace {

// Every digest and every packet's fate hangs on these: they never change.
TEST(Hash, IsTheSameEverywhereAndForEver) {
  EXPECT_EQ(mix(0, 0), 0xca813bf4c7abf0a9ULL);
  EXPECT_EQ(mix(1, 2), 0xb84cebf106fdbf28ULL);
  EXPECT_EQ(mix(1, 2, 3), 0x9fa6eb54201168f7ULL);
  EXPECT_EQ(mix(1, 2, 3, 4), 0x2578a30f5493d0a4ULL);
  EXPECT_EQ(hash_bytes(""), 0x8ea3afbe99066b15ULL);
  EXPECT_EQ(hash_bytes("edge1"), 0x984c02a8aa6bc98eULL);
  EXPECT_EQ(hash_bytes("a name of more than one word", 7), 0x91b44a3b78b0fe34ULL);
}

TEST(Hash, LengthAndEveryByteCount) {
  std::set<std::uint64_t> hashes;
  std::size_t texts = 0;
  for (std::size_t size = 0; size < 40; ++size) {
    hashes.insert(hash_bytes(std::string(size, '\0')));
    ++texts;
    for (std::size_t i = 0; i < size; ++i) {
      std::string text(size, '\0');
      text[i] = '\1';
      hashes.insert(hash_bytes(text));
      ++texts;
    }
  }
  EXPECT_EQ(hashes.size(), texts);
}

RC_GTEST_PROP(HashProperty, DependsOnOrderAndSeed, (std::uint64_t a, std::uint64_t b)) {
  RC_PRE(a != b);
  RC_ASSERT(mix(a, b) != mix(b, a));
  RC_ASSERT(mix(a, 7) != mix(b, 7));
  RC_ASSERT(hash_bytes("name", a) != hash_bytes("name", b));
}

}  // namespace
}  // namespace macula
