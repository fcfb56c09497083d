#include <gtest/gtest.h>

#include "tests/sim/scenario_text.h"

namespace macula::sim {
namespace {

const std::string kProbe =
    "[[at]]\nt = \"1s\"\nlookup = { by = \"gw\", key = \"a\", label = \"probe\" }\n";

Expectation expectation(const std::string& lines) {
  const auto scenario = parse(kHead + kProbe + "[[expect]]\nname = \"x\"\n" + lines + "\n");
  EXPECT_TRUE(scenario) << lines << "\n" << format(scenario.error());
  return scenario ? scenario->expectations.at(0) : Expectation{};
}

TEST(ParseExpectations, BoundsAreInTheUnitOfTheMetric) {
  const auto rate = expectation("metric = \"success_rate(probe)\"\nat_least = \"99%\"");
  EXPECT_EQ(rate.comparison, Comparison::at_least);
  EXPECT_EQ(rate.low, 0.99);
  EXPECT_EQ(rate.expected, ">= 0.99");
  const auto latency = expectation("metric = \"lookup.latency_ms.p99\"\nat_most = \"80ms\"");
  EXPECT_EQ(latency.comparison, Comparison::at_most);
  EXPECT_EQ(latency.high, 80);
  EXPECT_EQ(latency.expected, "<= 80");
  const auto count = expectation("metric = \"messages(any)\"\nequals = 3");
  EXPECT_EQ(count.comparison, Comparison::equals);
  EXPECT_EQ(count.low, 3);
  EXPECT_EQ(count.expected, "= 3");
  EXPECT_EQ(expectation("metric = \"messages(any)\"\nequals = \"8\"").low, 8);
  EXPECT_EQ(expectation("metric = \"lookup.rpcs.mean\"\nat_most = 3.5").high, 3.5);
  EXPECT_EQ(expectation("metric = \"lookup.latency_ms.count\"\nat_most = 3").high, 3);
  const auto between = expectation("metric = \"peers(eu)\"\nbetween = [2, 4]");
  EXPECT_EQ(between.low, 2);
  EXPECT_EQ(between.high, 4);
  EXPECT_EQ(between.expected, "2 to 4");
  EXPECT_EQ(expectation("metric = \"node.bytes_per_s.max\"\nat_most = \"64KiB/s\"").high, 65536);
}

TEST(ParseExpectations, HoldersMayBeNamed) {
  const auto named = expectation("metric = \"holders(a)\"\nequals = [\"eu#3\", \"bootstrap\"]");
  EXPECT_EQ(*named.nodes, (std::vector<std::string>{"eu#3", "bootstrap"}));
  EXPECT_EQ(named.low, 2);
  EXPECT_EQ(named.expected, "exactly eu#3, bootstrap");
  EXPECT_EQ(expectation("metric = \"holders(a)\"\nequals = []").expected, "exactly no node");
  EXPECT_FALSE(expectation("metric = \"holders(a)\"\nequals = 3").nodes);
}

TEST(ParseExpectations, When) {
  const std::string what = "metric = \"healthy(all)\"\nequals = \"100%\"\n";
  const auto finally = expectation(what);
  EXPECT_EQ(finally.when, When::finally);
  EXPECT_EQ(finally.from, Duration{0});
  EXPECT_EQ(finally.to, std::chrono::minutes(1));
  EXPECT_EQ(expectation(what + "finally = true").when, When::finally);
  const auto at = expectation(what + "at = \"10s\"");
  EXPECT_EQ(at.when, When::at);
  EXPECT_EQ(at.from, std::chrono::seconds(10));
  EXPECT_EQ(at.to, std::chrono::seconds(10));
  const auto during = expectation(what + "during = [\"5s\", \"10s\"]");
  EXPECT_EQ(during.when, When::during);
  EXPECT_EQ(during.from, std::chrono::seconds(5));
  EXPECT_EQ(during.to, std::chrono::seconds(10));
  const auto within = expectation(what + "within = \"30s\"\nevery = \"100ms\"");
  EXPECT_EQ(within.when, When::within);
  EXPECT_EQ(within.to, std::chrono::seconds(30));
  EXPECT_EQ(within.every, std::chrono::milliseconds(100));
  EXPECT_EQ(expectation(what + "within = \"30s\"").every, std::chrono::seconds(1));
  EXPECT_EQ(expectation(what + "always = true").to, std::chrono::minutes(1));
  const auto limited = expectation(what + "always = true\nduring = [\"5s\", \"10s\"]");
  EXPECT_EQ(limited.when, When::always);
  EXPECT_EQ(limited.from, std::chrono::seconds(5));
}

struct WrongExpectation {
  const char* lines;
  const char* message;
};

TEST(ParseExpectations, WhatIsWrongIsSaid) {
  const WrongExpectation cases[] = {
      {"metric = \"peers(eu)\"", "what is expected is missing"},
      {"equals = 3", "`metric` is missing from [[expect]]"},
      {"metric = \"peers(eu)\"\nequals = 3\nat_least = 2", "an expectation has one bound"},
      {"metric = \"healthy(eu)\"\nat_least = 99",
       "`at_least`: the bare number 99 has no unit: write it as in \"99%\""},
      {"metric = \"healthy(eu)\"\nat_least = \"101%\"", "`at_least`: more than 100%"},
      {"metric = \"lookup.latency_ms.p99\"\nat_most = 80",
       "`at_most`: the bare number 80 has no unit: write it as in \"80ms\""},
      {"metric = \"peers(eu)\"\nat_least = \"3%\"", "`at_least`: expected a plain number"},
      {"metric = \"peers(eu)\"\nat_least = -3", "`at_least`: a negative number"},
      {"metric = \"peers(eu)\"\nat_least = true", "`at_least`: a bound is a number"},
      {"metric = \"peers(eu)\"\nbetween = [4, 2]", "`between` runs backwards"},
      {"metric = \"peers(eu)\"\nbetween = [4]", "`between` takes two bounds"},
      {"metric = \"peers(eu)\"\nequals = [\"gw\"]", "`equals`: only `holders` is a set of nodes"},
      {"metric = \"holders(a)\"\nequals = [\"gw\", \"gw\"]", "`equals`: `gw` stands here twice"},
      {"metric = \"holders(a)\"\nequals = [\"eu\"]", "`equals`: `eu` is a group"},
      {"metric = \"peers(eu)\"\nequals = 3\nat = \"61s\"", "`at` is after the end of the run"},
      {"metric = \"peers(eu)\"\nequals = 3\nwithin = \"61s\"", "`within` is after the end"},
      {"metric = \"peers(eu)\"\nequals = 3\nduring = [\"5s\", \"61s\"]",
       "`during` is after the end"},
      {"metric = \"peers(eu)\"\nequals = 3\nduring = [\"5s\", \"4s\"]", "`during` runs backwards"},
      {"metric = \"peers(eu)\"\nequals = 3\nduring = [5, 6]", "`during` takes durations"},
      {"metric = \"peers(eu)\"\nequals = 3\nduring = \"5s\"", "`during` takes two times"},
      {"metric = \"peers(eu)\"\nequals = 3\nat = \"5s\"\nwithin = \"6s\"",
       "`at` and `within` contradict each other"},
      {"metric = \"peers(eu)\"\nequals = 3\nalways = false", "`always` is true or is left out"},
      {"metric = \"peers(eu)\"\nequals = 3\nevery = \"5s\"",
       "`every` is for `within` and `always`"},
      {"metric = \"peers(eu)\"\nequals = 3\nalways = true\nevery = \"0s\"", "`every` cannot be 0"},
      {"metric = \"peers(eu)\"\nequals = 3\nalways = true\nevery = \"1us\"",
       "more than 10000000 polls"},
      {"metric = \"success_rate(prob)\"\nequals = \"3%\"",
       "`metric`: no step has the label `prob`"},
  };
  for (const WrongExpectation& c : cases) {
    const std::string part = std::string("[[expect]]\nname = \"x\"\n") + c.lines;
    EXPECT_EQ(errors_of(part).substr(0, std::string(c.message).size()), c.message) << c.lines;
  }
}

}  // namespace
}  // namespace macula::sim
