#include "sim/file/metric_parse.h"

#include <gtest/gtest.h>

#include "sim/macula/kit.h"

namespace macula::sim {
namespace {

const PopulationNames kMetricNames{{"edge3", std::nullopt}, {"eu", 100}};
const Labels kLabels{{"probe", 1}, {"try-{n}", 50}};

std::string metric_error(std::string_view text) {
  const auto metric = parse_metric(macula_kit(), text);
  return metric ? check_metric(*metric, kMetricNames, kLabels) : metric.error();
}

bool metric_error_has(std::string_view part, std::string_view text) {
  return metric_error(text).find(part) != std::string::npos;
}

TEST(MetricParse, EveryMetricOfTheCatalogueCanBeWritten) {
  const char* arguments[] = {"probe", "timeout",    "a.key", "eu",     "edge3",
                             "edge3", "find_value", "1h",    "timeout"};
  for (const MetricInfo& info : macula_kit().metrics) {
    std::string text(info.name);
    for (std::size_t i = 0; i < info.required.size(); ++i) {
      text += i == 0 ? "(" : ", ";
      text += arguments[static_cast<std::size_t>(info.required[i])];
    }
    if (!info.required.empty()) text += ")";
    const bool samples = needs_statistic(info.kind);
    if (samples) text += ".p99";
    EXPECT_EQ(metric_error(text), "") << text;
    const auto metric = parse_metric(macula_kit(), text);
    ASSERT_TRUE(metric);
    EXPECT_EQ(metric->info, &info);
    EXPECT_EQ(metric->statistic, samples ? Statistic::percentile : Statistic::none);
    // A statistic is needed by those that have samples, and refused by the others.
    EXPECT_FALSE(
        parse_metric(macula_kit(), samples ? text.substr(0, text.size() - 4) : text + ".p99"))
        << text;
  }
}

TEST(MetricParse, ArgumentsByPositionAndByName) {
  const auto messages = parse_metric(macula_kit(), "messages(find_value, to=edge3, from=any(eu))");
  ASSERT_TRUE(messages);
  EXPECT_EQ(messages->message, "find_value");
  EXPECT_EQ(messages->to->name, "edge3");
  EXPECT_EQ(messages->from->kind, Selector::Kind::any);
  EXPECT_EQ(parse_metric(macula_kit(), "lookup.latency_ms(probe).mean")->label, "probe");
  EXPECT_EQ(parse_metric(macula_kit(), "lookup.latency_ms(label=probe).mean")->label, "probe");
  const auto answered = parse_metric(macula_kit(), "answered(probe, '{\"a\": 1, \"b\": 2}')");
  EXPECT_EQ(answered->text, "{\"a\": 1, \"b\": 2}");
  EXPECT_EQ(parse_metric(macula_kit(), "holders(a=b)")->key, "a=b");
  EXPECT_EQ(parse_metric(macula_kit(), "holders(test.calculator.add)")->key, "test.calculator.add");
  EXPECT_EQ(parse_metric(macula_kit(), "knows(eu, edge3)")->to->name, "edge3");
  EXPECT_TRUE(parse_metric(macula_kit(), "messages(any)"));
}

TEST(MetricParse, ErrorsSayWhatToWrite) {
  EXPECT_TRUE(metric_error_has("did you mean `success_rate`?", "sucess_rate(probe)"));
  EXPECT_TRUE(metric_error_has("did you mean `p90`?", "lookup.rpcs.q90"));
  EXPECT_TRUE(metric_error_has("did you mean `find_value`?", "messages(find_valu)"));
  EXPECT_TRUE(metric_error_has("write it as `messages(message[, from=..][, to=..])`",
                               "messages(ping, edge3)"));
  EXPECT_TRUE(metric_error_has("`label` is missing", "success_rate()"));
  EXPECT_TRUE(metric_error_has("is given twice", "lookup.rpcs(probe, label=probe).mean"));
  EXPECT_TRUE(metric_error_has("no step has the label `prob`, did you mean `probe`?",
                               "success_rate(prob)"));
  EXPECT_TRUE(metric_error_has("no node or group `edge4`, did you mean `edge3`?", "served(edge4)"));
  EXPECT_TRUE(metric_error_has("its last is `eu#99`", "messages(ping, to=eu#100)"));
  EXPECT_TRUE(metric_error_has("unknown argument `via`", "messages(via=ping)"));
  EXPECT_TRUE(metric_error_has("takes no arguments", "table.size(eu).mean"));
  for (const char* text : {"", "(", "holders(", "holders(a)b", "holders(a, b)", "lookup.rpcs.",
                           "lookup.rpcs(probe)mean", "holders(a).mean"}) {
    EXPECT_NE(metric_error(text), "") << text;
  }
}

TEST(MetricParse, EveryPercentileCanBeAskedFor) {
  const std::pair<const char*, std::uint32_t> percentiles[] = {
      {"p1", 10'000}, {"p50", 500'000}, {"p75", 750'000}, {"p95", 950'000}, {"p99.9", 999'000}};
  for (const auto& [name, ppm] : percentiles) {
    for (const std::string metric : {"lookup.latency_ms.", "lookup.latency_ms(probe)."}) {
      const auto parsed = parse_metric(macula_kit(), metric + name);
      ASSERT_TRUE(parsed) << parsed.error();
      EXPECT_EQ(parsed->statistic, Statistic::percentile);
      EXPECT_EQ(parsed->percentile_ppm, ppm) << name;
    }
  }
  for (const char* name :
       {"p", "p0", "p100", "p999", "p99.", "p99.99", "p-1", "p9x", "percentile"}) {
    EXPECT_FALSE(parse_metric(macula_kit(), std::string("lookup.rpcs.") + name)) << name;
  }
}

TEST(MetricParse, LabelsOfRepetitions) {
  EXPECT_EQ(metric_error("success_rate(try-{n})"), "");
  EXPECT_EQ(metric_error("success_rate(try-12)"), "");
  EXPECT_NE(metric_error("success_rate(try-)"), "");
  EXPECT_NE(metric_error("success_rate(try-x)"), "");
}

TEST(MetricParse, TheUnitFollowsTheStatistic) {
  EXPECT_EQ(unit_of(*parse_metric(macula_kit(), "lookup.latency_ms.p99")), "ms");
  EXPECT_EQ(unit_of(*parse_metric(macula_kit(), "lookup.latency_ms.count")), "count");
  EXPECT_EQ(unit_of(*parse_metric(macula_kit(), "success_rate(probe)")), "rate");
}

TEST(MetricParse, OfASeriesOnlyLabelsThatThereAre) {
  EXPECT_EQ(metric_error("operations(try-0)"), "");
  EXPECT_EQ(metric_error("operations(try-49)"), "");
  EXPECT_TRUE(metric_error_has("`try-{n}` ends with `try-49`", "operations(try-50)"));
  for (const char* text : {"operations(try-07)", "operations(try-)", "operations(try-1x)"}) {
    EXPECT_TRUE(metric_error_has("no step has the label", text)) << text;
  }
}

}  // namespace
}  // namespace macula::sim
