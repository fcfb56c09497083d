// [churn.NAME]: its reading, and what is refused.
#include <gtest/gtest.h>

#include "sim/file/selector_parse.h"
#include "sim/file/trace_csv.h"
#include "tests/sim/scenario_text.h"

namespace macula::sim {
namespace {

std::string churn_errors(const std::string& classes) {
  return errors_of(classes);
}

bool says(const std::string& part, const std::string& classes) {
  return churn_errors(classes).find(part) != std::string::npos;
}

const std::string kFlaky = "[churn.flaky]\napplies_to = \"eu\"\n";
const std::string kSession = "session = \"exponential(mean=1h)\"\n";

TEST(ParseChurn, ReadsAClass) {
  const auto scenario =
      parse(kHead + kFlaky + kSession +
            "downtime = \"pareto(shape=1.5, scale=1min)\"\nrestart = \"keep-state\"\n"
            "start = \"stationary\"\nfrom = \"10s\"\n" +
            kExpect);
  ASSERT_TRUE(scenario);
  ASSERT_EQ(scenario->churn.size(), 1U);
  const Churn& churn = scenario->churn.front();
  EXPECT_EQ(churn.name, "flaky");
  EXPECT_EQ(churn.session, Distribution::exponential(std::chrono::hours(1)));
  EXPECT_EQ(churn.downtime, Distribution::pareto(3 * kFixedOne / 2, std::chrono::minutes(1)));
  EXPECT_EQ(churn.restart, ChurnRestart::keep_state);
  EXPECT_EQ(churn.start, ChurnStart::stationary);
  EXPECT_EQ(churn.from, std::chrono::seconds(10));
  EXPECT_EQ(churn.until, std::chrono::minutes(1));
}

TEST(ParseChurn, DefaultsKeepTheIdAndMeetNodesAmidSessions) {
  const auto scenario = parse(kHead + kFlaky + kSession + kExpect);
  ASSERT_TRUE(scenario);
  EXPECT_EQ(scenario->churn.front().restart, ChurnRestart::keep_identity);
  EXPECT_EQ(scenario->churn.front().start, ChurnStart::alive);
  EXPECT_FALSE(scenario->churn.front().downtime);
}

TEST(ParseChurn, WhatIsWrongIsSaid) {
  EXPECT_TRUE(says("`session` is missing", kFlaky));
  EXPECT_TRUE(says("`applies_to` is missing", "[churn.flaky]\n" + kSession));
  EXPECT_TRUE(
      says("there is no node or group `us`", "[churn.a]\napplies_to = \"us\"\n" + kSession));
  EXPECT_TRUE(says("settled at the start", "[churn.a]\napplies_to = \"any(eu)\"\n" + kSession));
  EXPECT_TRUE(says("without `downtime`", kFlaky + kSession + "start = \"stationary\"\n"));
  EXPECT_TRUE(says("has no mean", kFlaky + "session = \"pareto(shape=1, scale=1s)\"\n"));
  EXPECT_EQ(churn_errors(kFlaky + "session = \"pareto(shape=1, scale=1s)\"\nstart = \"fresh\"\n"),
            "");
  EXPECT_TRUE(says("after the end of the run", kFlaky + kSession + "from = \"2min\"\n"));
  EXPECT_TRUE(
      says("`until` is before `from`", kFlaky + kSession + "from = \"20s\"\nuntil = \"10s\"\n"));
  EXPECT_TRUE(says("contradict each other", kFlaky + kSession + "trace = \"no.csv\"\n"));
  EXPECT_TRUE(says("no file `no.csv`", kFlaky + "trace = \"no.csv\"\n"));
  EXPECT_TRUE(says("did you mean `restart`?", kFlaky + kSession + "restrat = \"nothing\"\n"));
}

TEST(ParseChurn, ANodeIsInOneClass) {
  const auto both = [](const char* a, const char* b) {
    return says("[churn.a] says already", "[churn.a]\napplies_to = \"" + std::string(a) + "\"\n" +
                                              kSession + "[churn.b]\napplies_to = \"" + b + "\"\n" +
                                              kSession);
  };
  EXPECT_TRUE(both("eu", "all"));
  EXPECT_TRUE(both("eu#3", "sample(eu, 10%)"));
  EXPECT_TRUE(both("gw + eu#1", "eu#2 + eu#1"));
  EXPECT_FALSE(both("eu#3", "eu#4"));
  EXPECT_FALSE(both("gw", "eu"));
}

// ----- traces -----

PopulationNames names() {
  return {{"eu", 10}, {"gw", std::nullopt}};
}

std::string trace_error(const std::string& rows) {
  const auto events =
      parse_trace_csv("time,node,event\n" + rows, "t.csv", names(), *parse_selector("eu"));
  return events ? ""
                : std::to_string(events.error().front().place.line) + ": " +
                      events.error().front().message;
}

TEST(ParseTrace, ReadsEventsByTime) {
  const auto events =
      parse_trace_csv("node,event,time\n# none\neu#1,down,2min\n\neu#0,up,90s\neu#1,up,3min\n",
                      "t.csv", names(), *parse_selector("eu"));
  ASSERT_TRUE(events);
  ASSERT_EQ(events->size(), 3U);
  EXPECT_EQ(events->at(0).node, "eu#0");
  EXPECT_TRUE(events->at(0).up);
  EXPECT_EQ(events->at(0).time, std::chrono::seconds(90));
  EXPECT_EQ(events->at(1).node, "eu#1");
  EXPECT_FALSE(events->at(1).up);
}

TEST(ParseTrace, WhatIsWrongIsSaid) {
  EXPECT_EQ(trace_error("1s,eu#0,down\n2s,eu#0,up\n"), "");
  EXPECT_NE(trace_error("5,eu#0,down\n").find("2: time:"), std::string::npos);
  EXPECT_NE(trace_error("1s,us#0,down\n").find("no node or group"), std::string::npos);
  EXPECT_EQ(trace_error("1s,gw,down\n"), "2: `applies_to` does not stand for `gw`");
  EXPECT_EQ(trace_error("1s,eu#0,gone\n"), "2: event is up or down, not `gone`");
  EXPECT_EQ(trace_error("1s,eu#0,down\n2s,eu#0,down\n"), "3: `eu#0` is down already");
  EXPECT_EQ(trace_error("2s,eu#0,down\n1s,eu#0,up\n"),
            "3: the events of `eu#0` are not in order of time");
  EXPECT_EQ(trace_error("1s,eu#0\n"), "2: a row has 3 columns: time,node,event");
  EXPECT_EQ(trace_error("\"1s\",\"eu#0\",down\n"), "");
  EXPECT_EQ(trace_error(std::string("\0\0,\0\n", 5)), "2: a NUL byte: this is no text");
  EXPECT_FALSE(parse_trace_csv("from,to\n", "t.csv", names(), *parse_selector("eu")));
  EXPECT_FALSE(parse_trace_csv("", "t.csv", names(), *parse_selector("eu")));
}

}  // namespace
}  // namespace macula::sim
