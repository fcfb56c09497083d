#include "base/text/suggest.h"

#include <gtest/gtest.h>

namespace macula {
namespace {

TEST(Suggest, NearestByOneSlip) {
  const std::vector<std::string> keys{"k", "alpha", "bucket_size", "count", "duration"};
  EXPECT_EQ(nearest("kk", keys), "k");
  EXPECT_EQ(nearest("alhpa", keys), "alpha");  // swapped
  EXPECT_EQ(nearest("bucketsize", keys), "bucket_size");
  EXPECT_EQ(nearest("cout", keys), "count");
  EXPECT_EQ(nearest("durations", keys), "duration");
}

TEST(Suggest, NothingNearIsNotGuessed) {
  EXPECT_EQ(nearest("z", {"k", "alpha"}), "");
  EXPECT_EQ(nearest("wibble", {"k", "alpha", "count"}), "");
  EXPECT_EQ(nearest("", {"k"}), "");
  EXPECT_EQ(nearest(std::string(100'000, 'a'), {std::string(100'000, 'a')}), "");
}

TEST(Suggest, TheKnownOnesAreListedWhereNoneIsNear) {
  EXPECT_EQ(suggestion("kk", "known are", {"k"}), ", did you mean `k`?");
  EXPECT_EQ(suggestion("wibble", "[x] knows", {"k", "alpha"}), "; [x] knows k, alpha");
  EXPECT_EQ(suggestion("wibble", "known are", {}), "");
}

}  // namespace
}  // namespace macula
