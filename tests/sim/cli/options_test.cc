#include "sim/cli/options.h"

#include <gtest/gtest.h>

namespace macula::sim {
namespace {

std::string error_of(const std::vector<std::string>& arguments) {
  const auto parsed = parse_run_arguments(arguments);
  return parsed ? "" : parsed.error();
}

TEST(RunArguments, ReadsAll) {
  const auto parsed = parse_run_arguments(
      {"a.toml",  "--seeds", "3..5",  "b.toml", "--jobs=2", "--set",   "protocol.k=2",
       "--set",   "x=a=b",   "--set", "y=",     "--verify", "--quiet", "--world",
       "virtual", "--out",   "o",     "--json", "j",        "--junit", "u",
       "--trace", "t"});
  ASSERT_TRUE(parsed) << parsed.error();
  EXPECT_EQ(parsed->campaign.paths, (std::vector<std::string>{"a.toml", "b.toml"}));
  EXPECT_EQ(parsed->campaign.seeds->first, 3U);
  EXPECT_EQ(parsed->campaign.seeds->last, 5U);
  EXPECT_EQ(parsed->campaign.jobs, 2U);
  EXPECT_EQ(parsed->campaign.overrides, (Overrides{{"protocol.k", "2"}, {"x", "a=b"}, {"y", ""}}));
  EXPECT_TRUE(parsed->campaign.verify);
  EXPECT_TRUE(parsed->quiet);
  EXPECT_EQ(parsed->campaign.out_folder, "o");
  EXPECT_EQ(parsed->campaign.json_file, "j");
  EXPECT_EQ(parsed->campaign.junit_file, "u");
  EXPECT_EQ(parsed->campaign.trace_file, "t");
}

TEST(RunArguments, DefaultsToTheSeedsOfTheFilesAndAllCores) {
  const auto parsed = parse_run_arguments({"a.toml"});
  ASSERT_TRUE(parsed);
  EXPECT_FALSE(parsed->campaign.seeds);
  EXPECT_GE(parsed->campaign.jobs, 1U);
  EXPECT_FALSE(parsed->campaign.verify);
}

TEST(RunArguments, OneSeedIsARangeOfOne) {
  const auto parsed = parse_run_arguments({"a.toml", "--seed", "18446744073709551615"});
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->campaign.seeds->first, 18446744073709551615U);
  EXPECT_EQ(parsed->campaign.seeds->last, 18446744073709551615U);
}

TEST(RunArguments, RefusesWhatMakesNoSense) {
  EXPECT_NE(error_of({}), "");
  EXPECT_NE(error_of({"a", "--seed", "1", "--seeds", "1..2"}), "");
  EXPECT_NE(error_of({"a", "--seed", "x"}), "");
  EXPECT_NE(error_of({"a", "--seed", "-1"}), "");
  EXPECT_NE(error_of({"a", "--seed", "18446744073709551616"}), "");
  EXPECT_NE(error_of({"a", "--seed"}), "");
  EXPECT_NE(error_of({"a", "--seed", "1", "--seed", "2"}), "");
  EXPECT_NE(error_of({"a", "--seeds", "0..1000000"}), "");
  EXPECT_NE(error_of({"a", "--seeds", "0..18446744073709551615"}), "");
  EXPECT_NE(error_of({"a", "--jobs", "0"}), "");
  EXPECT_NE(error_of({"a", "--jobs", "1025"}), "");
  EXPECT_NE(error_of({"a", "--set", "k"}), "");
  EXPECT_NE(error_of({"a", "--set", "=2"}), "");
  EXPECT_NE(error_of({"a", "--json", "x", "--junit", "x"}), "");
}

TEST(RunArguments, OneOutputGoesToTheStandardOutput) {
  EXPECT_EQ(error_of({"a", "--json", "-", "--junit", "f"}), "");
  EXPECT_NE(error_of({"a", "--json", "-", "--junit", "-"}).find("two outputs"), std::string::npos);
  EXPECT_NE(error_of({"a", "--out", "-"}).find("folder"), std::string::npos);
}

TEST(RunArguments, VerboseAndQuietContradict) {
  EXPECT_TRUE(parse_run_arguments({"a", "-v"})->verbose);
  EXPECT_NE(error_of({"a", "-v", "--quiet"}), "");
}

TEST(RunArguments, KnowsTheWorlds) {
  for (const std::string name : {"virtual", "virtual-quic", "quic"}) {
    const auto arguments = parse_run_arguments({"a", "--world", name});
    ASSERT_TRUE(arguments) << arguments.error();
    EXPECT_EQ(arguments->campaign.world.name, name);
  }
  EXPECT_NE(error_of({"a", "--world", "real"}).find("virtual-quic"), std::string::npos);
  EXPECT_NE(error_of({"a", "--world", "quic", "--verify"}).find("real time"), std::string::npos);
}

TEST(RunArguments, RealTimeRunsWaitTogether) {
  EXPECT_GE(parse_run_arguments({"a", "--world", "quic"})->campaign.jobs, 12U);
  EXPECT_EQ(parse_run_arguments({"a", "--world", "quic", "--jobs", "1"})->campaign.jobs, 1U);
}

TEST(RunArguments, AnUnknownOptionNamesTheNearest) {
  EXPECT_NE(error_of({"a", "--qiuet"}).find("--quiet"), std::string::npos);
  // A prefix is not enough: scripts must keep their meaning when options are added.
  EXPECT_NE(error_of({"a", "--ver"}), "");
}

TEST(SeedRange, TakesTwoNumbersInOrder) {
  EXPECT_EQ(parse_seed_range("4..4")->last, 4U);
  for (const char* text :
       {"", "1", "1..", "..1", "2..1", "1...2", "1..2..3", "a..b", "1.. 2", "-1..2"}) {
    EXPECT_FALSE(parse_seed_range(text)) << text;
  }
}

}  // namespace
}  // namespace macula::sim
