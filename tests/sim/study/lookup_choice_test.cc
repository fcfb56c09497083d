// Which lookups are shown one by one.
#include "sim/study/lookup_choice.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "sim/macula/kit.h"

namespace macula::sim {
namespace {

using Json = nlohmann::json;

// Lookup i of a hundred begins at i seconds and takes i ms; every tenth fails.
LookupChoice hundred(std::uint64_t seed = 1) {
  LookupChoice choice(macula_kit(), seed);
  for (int i = 0; i < 100; ++i) {
    const std::string name = "eu#" + std::to_string(i) + "/1";
    const std::int64_t begun = std::int64_t{i} * 1'000'000'000;
    choice.take(Json{{"t", begun},
                     {"kind", "begun"},
                     {"operation", name},
                     {"verb", "find"},
                     {"from", "eu"},
                     {"label", i % 2 == 0 ? "even" : "odd"},
                     {"id", "ab"}});
    choice.take(Json{{"t", begun + std::int64_t{i} * 1'000'000},
                     {"kind", "ended"},
                     {"operation", name},
                     {"from", "eu"},
                     {"outcome", i % 10 == 9 ? "timeout" : "ok"}});
  }
  return choice;
}

std::set<std::string> names(const std::vector<ChosenLookup>& chosen, const std::string& as) {
  std::set<std::string> names;
  for (const ChosenLookup& each : chosen) {
    if (each.chosen_as == as) names.insert(each.operation.name);
  }
  return names;
}

TEST(LookupChoice, HasTheFirstThatFailedTheSlowestAndSomeDrawn) {
  const LookupChoice choice = hundred();
  const auto chosen = choice.chosen();
  EXPECT_EQ(choice.ended(), 100u);
  EXPECT_EQ(choice.failed(), 10u);
  EXPECT_EQ(names(chosen, "failed"),
            (std::set<std::string>{"eu#9/1", "eu#19/1", "eu#29/1", "eu#39/1", "eu#49/1", "eu#59/1",
                                   "eu#69/1", "eu#79/1"}));
  EXPECT_EQ(names(chosen, "slow"),
            (std::set<std::string>{"eu#98/1", "eu#97/1", "eu#96/1", "eu#95/1", "eu#94/1", "eu#93/1",
                                   "eu#92/1", "eu#91/1"}));
  EXPECT_EQ(names(chosen, "drawn").size(), LookupChoice::kEach);
}

TEST(LookupChoice, EachIsThereOnceInTheOrderOfTheirBeginning) {
  const auto chosen = hundred().chosen();
  ASSERT_EQ(chosen.size(), LookupChoice::kMost);
  for (std::size_t i = 1; i < chosen.size(); ++i) {
    EXPECT_LT(chosen[i - 1].operation.begun, chosen[i].operation.begun);
  }
}

TEST(LookupChoice, TheSeedDrawsTheRest) {
  EXPECT_EQ(names(hundred(1).chosen(), "drawn"), names(hundred(1).chosen(), "drawn"));
  EXPECT_NE(names(hundred(1).chosen(), "drawn"), names(hundred(2).chosen(), "drawn"));
}

// As `why --label L --nth N` counts.
TEST(LookupChoice, CountsThoseOfALabel) {
  for (const ChosenLookup& each : hundred().chosen()) {
    const std::int64_t second = to_ns(each.operation.begun) / 1'000'000'000;
    EXPECT_EQ(each.nth, static_cast<std::uint64_t>(second / 2 + 1)) << each.operation.name;
  }
}

TEST(LookupChoice, LeavesOutWhatIsAboutNoKeyAndWhatTheEndCutShort) {
  LookupChoice choice(macula_kit(), 1);
  choice.take(Json::parse(
      R"({"t":1,"kind":"begun","operation":"a/1","verb":"ping","from":"a","label":"p"})"));
  choice.take(Json::parse(R"({"t":9,"kind":"ended","operation":"a/1","outcome":"timeout"})"));
  choice.take(Json::parse(
      R"({"t":1,"kind":"begun","operation":"a/2","verb":"find","from":"a","id":"ab"})"));
  choice.take(Json::parse(R"({"t":9,"kind":"ended","operation":"a/2","outcome":"unfinished"})"));
  EXPECT_EQ(choice.ended(), 0u);
  EXPECT_TRUE(choice.chosen().empty());
}

}  // namespace
}  // namespace macula::sim
