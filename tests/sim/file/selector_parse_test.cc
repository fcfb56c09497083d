#include "sim/file/selector_parse.h"

#include <gtest/gtest.h>

namespace macula::sim {
namespace {

using SelectorKind = Selector::Kind;

const PopulationNames kSelectorNames{{"edge1", std::nullopt}, {"eu", 100}, {"eu.west", 3}};

std::string selector_error(std::string_view text) {
  const auto selector = parse_selector(text);
  return selector ? check_selector(*selector, kSelectorNames) : selector.error();
}

TEST(SelectorParse, EveryForm) {
  EXPECT_EQ(parse_selector("all")->kind, SelectorKind::all);
  EXPECT_EQ(parse_selector("eu")->kind, SelectorKind::named);
  const auto indexed = parse_selector("eu.west#2");
  EXPECT_EQ(indexed->kind, SelectorKind::indexed);
  EXPECT_EQ(indexed->name, "eu.west");
  EXPECT_EQ(indexed->number, 2U);
  const auto any = parse_selector("any(eu)");
  EXPECT_EQ(any->kind, SelectorKind::any);
  EXPECT_EQ(any->members.at(0).name, "eu");
  const auto sample = parse_selector("sample(all, 0.5%)");
  EXPECT_EQ(sample->kind, SelectorKind::sample);
  EXPECT_EQ(sample->share_ppm, 5000U);
  EXPECT_EQ(sample->members.at(0).kind, SelectorKind::all);
  const auto closest = parse_selector("closest(test.calc-ulator.{n}, 8)");
  EXPECT_EQ(closest->kind, SelectorKind::closest);
  EXPECT_EQ(closest->name, "test.calc-ulator.{n}");
  EXPECT_EQ(closest->number, 8U);
  EXPECT_EQ(parse_selector("holders(a=b)")->name, "a=b");
  EXPECT_EQ(parse_selector("any(sample(eu, 10%))")->members.at(0).kind, SelectorKind::sample);
}

TEST(SelectorParse, KeysInQuotes) {
  EXPECT_EQ(parse_selector("closest('like, this (too)', 3)")->name, "like, this (too)");
  EXPECT_EQ(parse_selector("holders(\"it's\")")->name, "it's");
  EXPECT_EQ(parse_selector("holders(it's)")->name, "it's");
  EXPECT_FALSE(parse_selector("holders('open)"));
}

TEST(SelectorParse, NamesAndIndexesAreChecked) {
  EXPECT_EQ(selector_error("eu#99"), "");
  EXPECT_EQ(selector_error("any(eu#0)"), "");
  EXPECT_EQ(selector_error("eu#100"), "`eu` has 100 nodes: its last is `eu#99`");
  EXPECT_EQ(selector_error("edge1#0"), "`edge1` is a single node: write `edge1` without #");
  EXPECT_EQ(selector_error("edg1"), "there is no node or group `edg1`, did you mean `edge1`?");
  EXPECT_EQ(selector_error("sample(us#1, 5%)").substr(0, 35),
            "there is no node or group `us`; the");
  EXPECT_NE(selector_error("eu + us"), "");
  EXPECT_EQ(check_node_name("eu#3", kSelectorNames), "");
  EXPECT_NE(check_node_name("eu", kSelectorNames), "");
  EXPECT_NE(check_node_name("all", kSelectorNames), "");
}

TEST(SelectorParse, WhatIsRefused) {
  for (const char* text : {"",
                           " ",
                           "eu#",
                           "eu#-1",
                           "eu#x",
                           "#1",
                           "any()",
                           "any",
                           "any(eu, us)",
                           "any(eu",
                           "any(eu))",
                           "any(eu)x",
                           "sample(eu)",
                           "sample(eu, 10)",
                           "sample(eu, 200%)",
                           "closest(key)",
                           "closest(key, 0)",
                           "closest(, 3)",
                           "oldest(key, 3)",
                           "eu us",
                           "-eu",
                           "e\n"}) {
    EXPECT_NE(selector_error(text), "") << text;
  }
  std::string deep;
  for (int i = 0; i < 1000; ++i) deep += "any(";
  EXPECT_NE(selector_error(deep + "eu" + std::string(1000, ')')), "");
}

TEST(SelectorParse, NewNames) {
  EXPECT_EQ(check_new_name("eu-west_1.a"), "");
  for (const char* name : {"", "all", "a b", "-a", ".a", "a#1", "a,b", "a(b", "\xC3\xA4"}) {
    EXPECT_NE(check_new_name(name), "") << name;
  }
  EXPECT_NE(check_new_name(std::string(129, 'a')), "");
}

}  // namespace
}  // namespace macula::sim
