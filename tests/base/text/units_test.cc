#include "base/text/units.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <string>

namespace macula {
namespace {

std::int64_t ns(std::string_view text) {
  const auto duration = parse_duration(text);
  return duration ? duration->count() : -1;
}

bool says(std::string_view text, const std::string& error) {
  return error.find(text) != std::string::npos;
}

TEST(Units, DurationsAreExact) {
  EXPECT_EQ(ns("0s"), 0);
  EXPECT_EQ(ns("1ns"), 1);
  EXPECT_EQ(ns("7us"), 7'000);
  EXPECT_EQ(ns("0.1s"), 100'000'000);
  EXPECT_EQ(ns("1.5s"), 1'500'000'000);
  EXPECT_EQ(ns("5min30s"), 330'000'000'000);
  EXPECT_EQ(ns("1d2h"), 93'600'000'000'000);
  EXPECT_EQ(ns("0.000000001s"), 1);
  EXPECT_EQ(ns("1.500000000000s"), 1'500'000'000);
}

TEST(Units, DurationsThatAreRefusedSayWhy) {
  EXPECT_TRUE(says("write \"5s\" or \"5ms\"", parse_duration("5").error()));
  EXPECT_TRUE(says("negative", parse_duration("-1s").error()));
  EXPECT_TRUE(says("finer than a nanosecond", parse_duration("0.5ns").error()));
  EXPECT_TRUE(says("finer than a nanosecond", parse_duration("0.0000000001s").error()));
  EXPECT_TRUE(says("`sec` is no unit", parse_duration("5sec").error()));
  EXPECT_TRUE(says("more than ten years", parse_duration("3651d").error()));
  EXPECT_TRUE(says("more than ten years", parse_duration("999999999999999999d").error()));
  EXPECT_TRUE(says("at most 18 digits", parse_duration("1000000000000000000s").error()));
  for (const char* text : {"", "s", "5 s", " 5s", "5s ", "1e3s", ".5s", "5.s", "5s,", "+5s"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(Units, TheSignOfMicroIsUnderstood) {
  EXPECT_EQ(parse_duration("10\xc2\xb5s"), Duration{10'000});
  EXPECT_EQ(parse_duration("1ms10\xce\xbcs"), Duration{1'010'000});
  EXPECT_NE(parse_duration("10\xe2\x82\xac").error().find("`\xe2\x82\xac` is no unit of time"),
            std::string::npos);
  EXPECT_EQ(format_duration(Duration{10'000}), "10us");
}

TEST(Units, SpacesAreNamed) {
  EXPECT_EQ(parse_duration("10 s").error(),
            "no space stands in a number with its unit: write \"10s\"");
  EXPECT_EQ(parse_duration("5min 30s").error(),
            "no space stands in a number with its unit: write \"5min30s\"");
  EXPECT_EQ(parse_share("0.5 %").error(),
            "no space stands in a number with its unit: write \"0.5%\"");
  EXPECT_EQ(parse_size("64 KiB").error(),
            "no space stands in a number with its unit: write \"64KiB\"");
}

TEST(Units, ManyPartsDoNotOverflow) {
  std::string text;
  for (int i = 0; i < 10'000; ++i) text += "3000d";
  EXPECT_FALSE(parse_duration(text));
  EXPECT_EQ(ns("3649d24h"), kDurationLimit.count());
}

TEST(Units, SharesAreExactToOnePartPerMillion) {
  EXPECT_EQ(*parse_share("0%"), 0U);
  EXPECT_EQ(*parse_share("0.5%"), 5'000U);
  EXPECT_EQ(*parse_share("99%"), 990'000U);
  EXPECT_EQ(*parse_share("100%"), 1'000'000U);
  EXPECT_EQ(*parse_share("0.0001%"), 1U);
  EXPECT_TRUE(says("finer than one part per million", parse_share("0.00001%").error()));
  EXPECT_TRUE(says("more than 100%", parse_share("100.0001%").error()));
  EXPECT_TRUE(says("write \"5%\"", parse_share("5").error()));
  for (const char* text : {"", "%", "5 %", "-5%", "5%%", "five%"}) {
    EXPECT_FALSE(parse_share(text)) << text;
  }
}

TEST(Units, Sizes) {
  EXPECT_EQ(*parse_size("64KiB"), 65'536U);
  EXPECT_EQ(*parse_size("1.5kB"), 1'500U);
  EXPECT_EQ(*parse_size("0B"), 0U);
  EXPECT_TRUE(says("needs a unit", parse_size("64").error()));
  EXPECT_TRUE(says("finer than a byte", parse_size("0.3B").error()));
  EXPECT_TRUE(says("more than 1 PiB", parse_size("1048577GiB").error()));
}

TEST(Units, CountsAndScaledNumbers) {
  EXPECT_EQ(*parse_count("0", 5), 0U);
  EXPECT_EQ(*parse_count("5", 5), 5U);
  EXPECT_FALSE(parse_count("6", 5));
  EXPECT_FALSE(parse_count("-1", 5));
  EXPECT_FALSE(parse_count("", 5));
  EXPECT_EQ(*parse_scaled("0.5", 1LL << 32), 1LL << 31);
  EXPECT_EQ(*parse_scaled("3", 1000), 3000);
  EXPECT_EQ(*parse_scaled("0.0006", 1000), 1);  // rounded
  EXPECT_FALSE(parse_scaled("1000000000", 1LL << 40));
  EXPECT_FALSE(parse_scaled("0.0000000001", 1));
}

TEST(Units, DurationsAsPeopleWriteThem) {
  using namespace std::chrono_literals;
  EXPECT_EQ(describe_duration(288000s), "3d 8h");
  EXPECT_EQ(describe_duration(20s), "20s");
  EXPECT_EQ(describe_duration(6min), "6min");
  EXPECT_EQ(describe_duration(90500ms), "1min 30.5s");
  EXPECT_EQ(describe_duration(24h + 1s), "1d 1s");
  EXPECT_EQ(describe_duration(80ms), "80ms");
  EXPECT_EQ(describe_duration(1500ns), "1.5us");
  EXPECT_EQ(describe_duration(7ns), "7ns");
  EXPECT_EQ(describe_duration(0s), "0s");
}

TEST(Units, WhatIsFormattedReadsAsTheSame) {
  EXPECT_EQ(format_duration(std::chrono::minutes(15)), "15min");
  EXPECT_EQ(format_duration(std::chrono::milliseconds(1500)), "1500ms");
  EXPECT_EQ(format_duration(Duration{0}), "0s");
  rc::check([] {
    const auto value = *rc::gen::inRange<std::int64_t>(0, kDurationLimit.count());
    RC_ASSERT(ns(format_duration(Duration{value})) == value);
  });
}

}  // namespace
}  // namespace macula
