#include "sim/study/gauge.h"

#include <gtest/gtest.h>

#include <string>

#include "sim/macula/kit.h"

namespace macula::sim {
namespace {

TEST(Gauge, IsAMetricAsExpectationsNameItAndATolerance) {
  const auto p99 = parse_gauge(macula_kit(), "lookup.latency_ms(read: all).p99.9:2.5%");
  ASSERT_TRUE(p99) << p99.error();
  EXPECT_EQ(p99->metric, "lookup.latency_ms(read: all)");
  EXPECT_EQ(p99->statistic, "p99.9");
  EXPECT_EQ(p99->unit, "ms");
  EXPECT_EQ(p99->better, Better::less);
  EXPECT_DOUBLE_EQ(p99->tolerance, 0.025);
  const auto rate = parse_gauge(macula_kit(), "success_rate(read)");
  ASSERT_TRUE(rate);
  EXPECT_EQ(rate->metric, "success_rate(read)");
  EXPECT_EQ(rate->better, Better::more);
  EXPECT_DOUBLE_EQ(rate->tolerance, 0.01);
  EXPECT_DOUBLE_EQ(parse_gauge(macula_kit(), "messages:0")->tolerance, 0);
  EXPECT_EQ(parse_gauge(macula_kit(), "success_rate('read:5%, x'):1%")->metric,
            "success_rate(read:5%, x)");
  EXPECT_EQ(parse_gauge(macula_kit(), "success_rate(it's)")->metric, "success_rate(it's)");
}

TEST(Gauge, ReadsItsFigure) {
  RunResult run;
  run.messages = 7;
  run.metrics["lookup.rpcs"] = Summary{10, 3, 1, 2, 2, 4, 5, 8, 9, 9};
  EXPECT_EQ(parse_gauge(macula_kit(), "messages")->value_in(run), 7);
  EXPECT_EQ(parse_gauge(macula_kit(), "lookup.rpcs.mean")->value_in(run), 3);
  EXPECT_EQ(parse_gauge(macula_kit(), "lookup.rpcs.p99")->value_in(run), 8);
  EXPECT_EQ(parse_gauge(macula_kit(), "lookup.rpcs.p99.9")->value_in(run), 9);
  EXPECT_EQ(parse_gauge(macula_kit(), "lookup.rounds.p99")->value_in(run), std::nullopt);
  run.metrics["lookup.rpcs"].count = 0;
  EXPECT_EQ(parse_gauge(macula_kit(), "lookup.rpcs.mean")->value_in(run), std::nullopt);
}

TEST(Gauge, SaysWhatIsWrong) {
  EXPECT_EQ(parse_gauge(macula_kit(), "lookup.latency_ms").error(),
            "'lookup.latency_ms' is a distribution: name a statistic, as in lookup.latency_ms.p50");
  EXPECT_NE(
      parse_gauge(macula_kit(), "lookup.rpc.mean").error().find("unknown metric 'lookup.rpc'"),
      std::string::npos);
  EXPECT_NE(parse_gauge(macula_kit(), "").error().find("unknown metric"), std::string::npos);
  for (const char* wrong : {"messages:", "messages:x", "messages:-1%", "messages:1e999",
                            "messages:nan", "messages:2000%", "messages:1%%"}) {
    EXPECT_NE(parse_gauge(macula_kit(), wrong).error().find("is no tolerance"), std::string::npos)
        << wrong;
  }
}

TEST(Gauge, TheUsualOnesAreThoseThatTheRunsHave) {
  RunResult run;
  run.metrics["success_rate(a)"] = {};
  run.metrics["lookup.latency_ms"] = {};
  std::string names;
  for (const Gauge& gauge : usual_gauges(macula_kit(), {run})) names += gauge.name + " ";
  EXPECT_EQ(names, "success_rate(a) lookup.latency_ms.p50 lookup.latency_ms.p99 messages ");
}

}  // namespace
}  // namespace macula::sim
