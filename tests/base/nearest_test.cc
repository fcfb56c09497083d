#include "base/nearest.h"

#include <gtest/gtest.h>

#include <string>

namespace macula {
namespace {

const std::vector<std::string_view> kWords = {"run", "check", "list", "explain", "explore"};

TEST(Nearest, FindsTheWordMeant) {
  EXPECT_EQ(nearest("chekc", kWords), "check");
  EXPECT_EQ(nearest("lst", kWords), "list");
  EXPECT_EQ(nearest("explian", kWords), "explain");
  EXPECT_EQ(nearest("rnu", kWords), "run");
}

TEST(Nearest, SaysNothingWhereNoneIsMeant) {
  EXPECT_EQ(nearest("x", kWords), "");
  EXPECT_EQ(nearest("", kWords), "");
  EXPECT_EQ(nearest("partition", kWords), "");
  EXPECT_EQ(nearest("run", {}), "");
  EXPECT_EQ(nearest(std::string(100'000, 'r'), kWords), "");
}

TEST(Nearest, TakesTheFirstOfEquals) {
  EXPECT_EQ(nearest("car", {"cat", "cap"}), "cat");
}

}  // namespace
}  // namespace macula
