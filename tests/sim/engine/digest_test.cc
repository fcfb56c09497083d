#include "sim/engine/digest.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <set>

#include "sim/engine/random.h"

namespace macula::sim {
namespace {

template <typename... Words>
std::uint64_t digest_of(std::int64_t time_ns, std::uint32_t kind, std::uint32_t from,
                        std::uint32_t to, Words... content) {
  Digest digest;
  digest.add(time_from_ns(time_ns), kind, from, to, content...);
  return digest.value();
}

// Pinned: another value here makes every digest on record worthless.
TEST(Digest, IsTheSameEverywhere) {
  Digest digest;
  digest.add(time_from_ns(1'000'000), 3, 17, 99, 1234, 56);
  EXPECT_EQ(digest.value(), 17475001819966153108ULL);
  digest.add(time_from_ns(1'000'000), 4, 99, 17);
  EXPECT_EQ(digest.value(), 18103135497302444600ULL);
}

TEST(Digest, TellsEveryFieldApart) {
  const std::set<std::uint64_t> values = {
      digest_of(5, 1, 2, 3, 4, 6), digest_of(6, 1, 2, 3, 4, 6), digest_of(5, 2, 2, 3, 4, 6),
      digest_of(5, 1, 3, 3, 4, 6), digest_of(5, 1, 2, 4, 4, 6), digest_of(5, 1, 2, 3, 5, 6),
      digest_of(5, 1, 2, 3, 4, 7), digest_of(5, 1, 3, 2, 4, 6), digest_of(5, 1, 2, 3, 6, 4),
      digest_of(5, 1, 2, 3, 4),    digest_of(5, 1, 2, 3),       digest_of(5, 1, 2, 3, 4, 6, 0),
      digest_of(0, 0, 0, 0),       digest_of(0, 0, 0, 0, 0),    Digest{}.value(),
  };
  EXPECT_EQ(values.size(), 15U);
}

// A change of any one bit of any field changes about half the bits of the value.
TEST(Digest, SpreadsEveryBit) {
  RandomStream random(11);
  for (unsigned bit = 0; bit < 64; ++bit) {
    std::uint64_t flipped[5] = {};
    for (int round = 0; round < 64; ++round) {
      const auto time = static_cast<std::int64_t>(random.next() >> 1);
      const auto kind = static_cast<std::uint32_t>(random.below(256));
      const auto from = static_cast<std::uint32_t>(random.next());
      const auto to = static_cast<std::uint32_t>(random.next());
      const std::uint64_t word = random.next();
      const std::uint64_t value = digest_of(time, kind, from, to, word);
      const auto differs = [&](int field, std::uint64_t other) {
        flipped[field] += static_cast<std::uint64_t>(__builtin_popcountll(value ^ other));
      };
      const std::uint64_t mask = std::uint64_t{1} << bit;
      const auto mask32 = static_cast<std::uint32_t>(mask >> (bit & 32));
      differs(0, digest_of(time ^ static_cast<std::int64_t>(mask), kind, from, to, word));
      differs(1, digest_of(time, kind ^ mask32, from, to, word));
      differs(2, digest_of(time, kind, from ^ mask32, to, word));
      differs(3, digest_of(time, kind, from, to ^ mask32, word));
      differs(4, digest_of(time, kind, from, to, word ^ mask));
    }
    for (const std::uint64_t bits : flipped) {
      EXPECT_NEAR(static_cast<double>(bits) / 64, 32.0, 4.0) << "bit " << bit;
    }
  }
}

TEST(Digest, TellsTheOrderApart) {
  Digest forward;
  forward.add(time_from_ns(5), 1, 2, 3);
  forward.add(time_from_ns(5), 1, 3, 2);
  Digest backward;
  backward.add(time_from_ns(5), 1, 3, 2);
  backward.add(time_from_ns(5), 1, 2, 3);
  EXPECT_NE(forward.value(), backward.value());
}

TEST(Digest, TellsRepetitionApart) {
  Digest digest;
  std::set<std::uint64_t> values;
  for (int i = 0; i < 1000; ++i) {
    digest.add(time_from_ns(5), 1, 2, 3);
    values.insert(digest.value());
  }
  EXPECT_EQ(values.size(), 1000U);
}

}  // namespace
}  // namespace macula::sim
