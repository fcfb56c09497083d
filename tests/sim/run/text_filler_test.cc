#include "sim/run/text_filler.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

namespace macula::sim {
namespace {

TEST(TextFiller, NumbersAndTheirRests) {
  TextFiller filler;
  EXPECT_EQ(filler.fill("plain", {7, 1}), "plain");
  EXPECT_EQ(filler.fill("a-{n}-{n % 5}", {7, 1}), "a-7-2");
  EXPECT_EQ(filler.fill(R"({"a":"{n%10}"})", {23, 1}), R"({"a":"3"})");
}

TEST(TextFiller, ADrawDependsOnWhatItIsAbout) {
  TextFiller filler;
  const std::string one = filler.fill("{uniform(1000000)}", {0, 5});
  EXPECT_EQ(one, filler.fill("{uniform(1000000)}", {9, 5}));
  EXPECT_NE(one, filler.fill("{uniform(1000000)}", {0, 6}));
  // The rest of the text changes nothing; the same once more is another draw.
  EXPECT_EQ(one + "-3", filler.fill("{uniform(1000000)}-{n}", {3, 5}));
  const std::string two = filler.fill("{uniform(1000000)} {uniform(1000000)}", {0, 5});
  EXPECT_EQ(two.substr(0, one.size()), one);
  EXPECT_NE(two.substr(one.size() + 1), one);
}

TEST(TextFiller, DrawsHaveTheirLaws) {
  TextFiller filler;
  std::map<std::string, int> uniform;
  std::map<std::string, int> zipf;
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    ++uniform[filler.fill("{uniform(4)}", {0, i})];
    ++zipf[filler.fill("{zipf(4, 1)}", {0, i})];
  }
  ASSERT_EQ(uniform.size(), 4U);
  ASSERT_EQ(zipf.size(), 4U);
  for (const auto& [value, times] : uniform) EXPECT_NEAR(times, 2500, 250) << value;
  EXPECT_NEAR(zipf["0"], 4800, 300);  // 1 / (1 + 1/2 + 1/3 + 1/4)
  EXPECT_NEAR(zipf["3"], 1200, 200);
}

}  // namespace
}  // namespace macula::sim
