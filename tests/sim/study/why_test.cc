// The story of one operation tells of each cause what has happened.
#include "sim/study/why.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <string>

#include "sim/macula/kit.h"
#include "sim/study/story_teller.h"
#include "tests/sim/has.h"
#include "tests/sim/scenario_text.h"

namespace macula::sim {
namespace {

// Forty nodes whose tables are full, and packets that take 10 ms; k = 3 copies of a record.
std::string scenario_with(const std::string& steps, const std::string& protocol = "") {
  return "[scenario]\nschema = 1\nname = \"why\"\nduration = \"20min\"\ntables = \"ideal\"\n"
         "[protocol]\nk = 3\n" +
         protocol +
         "[latency]\ndefault = \"10ms\"\n"
         "[[group]]\nname = \"eu\"\ncount = 40\n" +
         steps + kExpect;
}

const std::string kStore =
    "[[at]]\nt = \"10s\"\nlabel = \"write\"\nstore = { by = \"eu#0\", key = \"a\", value = \"1\" "
    "}\n";

std::string find(const std::string& time, const std::string& more = "",
                 const std::string& inside = "") {
  return "[[at]]\nt = \"" + time + "\"\nlabel = \"read\"\n" + more +
         "find = { by = \"eu#5\", key = \"a\", local = false" + inside + " }\n";
}

std::string at(const std::string& time, const std::string& step) {
  return "[[at]]\nt = \"" + time + "\"\n" + step + "\n";
}

tl::expected<Story, std::string> ask(const std::string& text, WhyQuestion question,
                                     const Overrides& overrides = {}) {
  const auto scenario = parse(text, overrides);
  if (!scenario) throw std::runtime_error(errors(text, overrides));
  return ask_why(macula_kit(), *scenario, question);
}

Story story_of(const std::string& text, const Overrides& overrides = {},
               const std::string& label = "read") {
  WhyQuestion question;
  question.label = label;
  auto story = ask(text, question, overrides);
  if (!story) throw std::runtime_error(story.error());
  return std::move(*story);
}

TEST(Why, AFindThatSucceedsNamesTheNodeThatServedIt) {
  const Story story = story_of(scenario_with(kStore + find("20s")));
  EXPECT_EQ(story.operation.verb, "find");
  EXPECT_EQ(story.operation.by, "eu#5");
  EXPECT_EQ(story.operation.outcome, "ok");
  ASSERT_FALSE(story.requests.empty());
  ASSERT_EQ(story.writes.size(), 1U);
  EXPECT_EQ(story.writes.front().by, "eu#0");
  EXPECT_EQ(story.copies.size(), 3U + 1U) << "the three closest, and its writer";
  ASSERT_NE(story.last_answered(), nullptr);
  const StoryRequest& last = *story.last_answered();
  EXPECT_EQ(last.answer, "holds the value");
  EXPECT_TRUE(last.shared_bits.has_value());
  EXPECT_TRUE(std::any_of(story.copies.begin(), story.copies.end(), [&](const StoryCopy& copy) {
    return copy.node == last.to;
  })) << told(story);
  EXPECT_TRUE(has(cause_of(story),
                  last.to + " answered after 40ms and holds the value, of 3 requests sent"))
      << cause_of(story);
}

TEST(Why, WhoHeldItHadDied) {
  const Story story = story_of(scenario_with(
      kStore + at("1min", "crash = \"holders(a)\"") + find("100s"), "maintenance = false\n"));
  EXPECT_EQ(story.operation.outcome, "not_found");
  EXPECT_TRUE(story.holders().empty());
  for (const StoryCopy& copy : story.copies) {
    EXPECT_TRUE(copy.crashed) << copy.node;
    EXPECT_EQ(copy.to, kTimeZero + std::chrono::minutes(1));
  }
  const std::string cause = cause_of(story);
  EXPECT_TRUE(has(cause,
                  "no live node held it: stored 1min 30s before by eu#0, which crashed "
                  "after 50s; the last copy, on eu#"))
      << cause;
  EXPECT_TRUE(has(cause, "was lost with that node at 1min")) << cause;
  // Those that were asked and dead are called so.
  EXPECT_TRUE(has(told(story), "dead, it had crashed 40s before")) << told(story);
}

TEST(Why, ItsCopiesHadEnded) {
  const Story story = story_of(
      scenario_with(kStore + at("20s", "crash = \"eu#0\"") + find("15min"), "ttl = \"5min\"\n"));
  EXPECT_EQ(story.operation.outcome, "not_found");
  const std::string cause = cause_of(story);
  EXPECT_TRUE(has(cause, "by eu#0, which crashed after 10s; the last copy, on eu#")) << cause;
  EXPECT_TRUE(has(cause, "ended at 5min 1")) << cause;
  EXPECT_TRUE(std::any_of(story.copies.begin(), story.copies.end(),
                          [](const StoryCopy& copy) { return !copy.crashed; }));
}

TEST(Why, ItWasCutOffFromTheHolders) {
  const Story story = story_of(scenario_with(
      kStore + at("60s", "partition = { between = [\"eu#5\", \"holders(a)\"] }") + find("70s")));
  EXPECT_NE(story.operation.outcome, "ok");
  EXPECT_EQ(story.end.cut_off.size(), story.holders().size());
  const std::string cause = cause_of(story);
  EXPECT_TRUE(has(cause, "4 live nodes held it (eu#")) << cause;
  EXPECT_TRUE(has(cause, "), all cut off from eu#5")) << cause;
  const std::string text = told(story);
  const std::size_t silent = text.find("was not waited for any longer after ");
  EXPECT_NE(text.substr(silent, text.find('\n', silent) - silent).find("s: cut off"),
            std::string::npos)
      << text;
}

TEST(Why, NobodyHadStoredIt) {
  EXPECT_EQ(cause_of(story_of(scenario_with(find("20s")))), "nobody had stored it before");
}

TEST(Why, ItWasWithdrawn) {
  const Story story = story_of(
      scenario_with(kStore + at("40s", "withdraw = { by = \"eu#0\", key = \"a\" }") + find("60s")));
  EXPECT_TRUE(has(cause_of(story), "eu#0 had withdrawn it 20s before")) << cause_of(story);
}

TEST(Why, ItKnewTooFewNodes) {
  const std::string lonely =
      "[[node]]\nname = \"lonely\"\nknows = [\"eu#39\"]\n[[at]]\nt = \"20s\"\ncrash = \"eu#39\"\n"
      "[[at]]\nt = \"30s\"\nlabel = \"read\"\n"
      "find = { by = \"lonely\", key = \"a\", local = false }\n";
  const Story story = story_of(scenario_with(kStore + lonely, "maintenance = false\n"));
  EXPECT_NE(story.operation.outcome, "ok");
  const std::string cause = cause_of(story);
  EXPECT_TRUE(has(cause, "none of them was among the 1 nodes that were asked")) << cause;
  EXPECT_TRUE(has(cause, "lonely knew ")) << cause;
}

TEST(Why, ItsRequestsTimedOut) {
  const std::string ping =
      "[[at]]\nt = \"20s\"\nlabel = \"p\"\nping = { by = \"eu#1\", to = \"eu#2\", timeout = \"1s\" "
      "}\n";
  const Story lost = story_of(scenario_with(ping), {{"latency.loss", "100%"}}, "p");
  EXPECT_EQ(lost.operation.outcome, "timeout");
  EXPECT_TRUE(
      has(cause_of(lost), "1 of 1 requests had no answer: eu#2 was silent, given up after 1s"))
      << cause_of(lost);
  const Story slow = story_of(
      scenario_with(ping), {{"latency.default", "600ms"}, {"scenario.connections", "warm"}}, "p");
  EXPECT_TRUE(has(cause_of(slow), "slow, its answer came too late")) << cause_of(slow);
  const Story dead = story_of(scenario_with(at("5s", "crash = \"eu#2\"") + ping), {}, "p");
  EXPECT_TRUE(has(cause_of(dead), "dead, it had crashed 15s before")) << cause_of(dead);
}

TEST(Why, ItWasCancelled) {
  const Story story =
      story_of(scenario_with(kStore + find("20s", "", ", cancel_after = \"15ms\"")));
  EXPECT_EQ(story.operation.outcome, "cancelled");
  EXPECT_TRUE(has(cause_of(story), "the scenario cancelled it after 15ms")) << cause_of(story);
}

TEST(Why, SaysHowManyThereAre) {
  const std::string text = scenario_with(kStore + find("20s", "every = \"1s\"\nuntil = \"29s\"\n"));
  WhyQuestion question{"read", 10, false, 1};
  ASSERT_TRUE(ask(text, question).has_value());
  EXPECT_EQ(ask(text, question)->operation.begun, kTimeZero + std::chrono::seconds(29));
  question.nth = 11;
  EXPECT_EQ(ask(text, question).error(),
            "there are 10 operations labelled 'read': none has the number 11");
  question.failed = true;
  question.nth = 1;
  EXPECT_EQ(ask(text, question).error(), "none of 10 operations labelled 'read' failed");
  question.label = "raed";
  EXPECT_EQ(ask(text, question).error(), "no label is 'raed', did you mean `read`?");
}

TEST(Why, FindsTheFirstThatFailed) {
  const std::string text =
      scenario_with(kStore + find("20s", "every = \"10s\"\nuntil = \"2min\"\n") +
                        at("55s", "crash = \"holders(a)\""),
                    "maintenance = false\n");
  const auto story = ask(text, {"read", 1, true, 1});
  ASSERT_TRUE(story.has_value());
  EXPECT_EQ(story->operation.begun, kTimeZero + std::chrono::seconds(60));
  EXPECT_EQ(ask(text, {"read", 2, true, 1})->operation.begun, kTimeZero + std::chrono::seconds(70));
}

TEST(Why, ItsWriterHadCrashedAndCameBack) {
  const Story story = story_of(scenario_with(
      kStore + at("20s", "crash = \"eu#0\"") + at("30s", "restart = \"eu#0\"") + find("15min"),
      "ttl = \"5min\"\n"));
  const std::string cause = cause_of(story);
  EXPECT_TRUE(has(cause, "by eu#0, which crashed after 10s and came back; the last copy")) << cause;
  EXPECT_TRUE(has(told(story), "eu#0 crashed at 20s and came back")) << told(story);
}

// A withdrawal of one writer leaves what another has written.
TEST(Why, AnotherWritersCopiesHadEnded) {
  const std::string other = at("12s", "store = { by = \"eu#1\", key = \"a\", value = \"2\" }") +
                            at("13s", "crash = \"eu#1\"") +
                            at("40s", "withdraw = { by = \"eu#0\", key = \"a\" }");
  const std::string cause =
      cause_of(story_of(scenario_with(kStore + other + find("15min"), "ttl = \"5min\"\n")));
  EXPECT_FALSE(has(cause, "withdrawn")) << cause;
  EXPECT_TRUE(has(cause, "by eu#1, which crashed after 1s")) << cause;
}

TEST(Why, AnErrorWasTheAnswer) {
  const std::string call =
      "[[at]]\nt = \"10s\"\nadvertise = { by = \"eu#3\", procedure = \"calc.divide\" }\n"
      "[[at]]\nt = \"20s\"\nlabel = \"c\"\n"
      "call = { by = \"eu#1\", procedure = \"calc.divide\", args = { a = 1, b = 0 } }\n";
  EXPECT_EQ(cause_of(story_of(scenario_with(call), {}, "c")),
            "eu#3 answered division_by_zero after 40ms");
}

TEST(Why, NobodyServesTheProcedure) {
  const std::string call =
      "[[at]]\nt = \"20s\"\nlabel = \"c\"\n"
      "call = { by = \"eu#1\", procedure = \"calc.add\", args = { a = 1, b = 0 } }\n";
  EXPECT_EQ(cause_of(story_of(scenario_with(call), {}, "c")), "nobody had stored it before");
}

TEST(Why, AHeldNodeIsCalledSo) {
  const std::string pause = at("15s", "pause = \"holders(a)\"");
  const Story story =
      story_of(scenario_with(kStore + pause + find("20s"), "maintenance = false\n"));
  EXPECT_NE(story.operation.outcome, "ok");
  EXPECT_TRUE(has(cause_of(story), ": held still since 15s")) << cause_of(story);
}

TEST(Why, ACutThatFallsAfterwardsIsNoCause) {
  const std::string late = at("15s", "pause = \"holders(a)\"") +
                           at("20.3s", "partition = { between = [\"eu#5\", \"holders(a)\"] }");
  const Story story = story_of(scenario_with(kStore + late + find("20s"), "maintenance = false\n"));
  EXPECT_NE(story.operation.outcome, "ok");
  EXPECT_FALSE(has(cause_of(story), "cut off")) << told(story);
}

TEST(Why, OneWayMessagesAreNotWaitedFor) {
  const Story story = story_of(scenario_with(kStore), {}, "write");
  EXPECT_EQ(story.operation.outcome, "ok");
  EXPECT_FALSE(has(told(story), "silent")) << told(story);
  EXPECT_TRUE(has(told(story), "was sent as it ended")) << told(story);
}

// The story of a message through a gateway names the node that was meant.
TEST(Why, AHiddenNodeIsNamed) {
  const std::string hidden =
      "[scenario]\nschema = 1\nname = \"hidden\"\nduration = \"2min\"\nreach = \"relay\"\n"
      "[latency]\ndefault = \"10ms\"\n"
      "[[node]]\nname = \"boot\"\nrole = \"bootstrap\"\n"
      "[[node]]\nname = \"gate\"\nrole = \"gateway\"\njoin = { via = \"boot\", at = \"1s\" }\n"
      "[[node]]\nname = \"inner\"\nrelay = \"gate\"\njoin = { via = \"boot\", at = \"2s\" }\n"
      "[[node]]\nname = \"outer\"\njoin = { via = \"boot\", at = \"3s\" }\n"
      "[[at]]\nt = \"60s\"\nlabel = \"p\"\nping = { by = \"outer\", to = \"inner\" }\n" +
      kExpect;
  const Story story = story_of(hidden, {}, "p");
  ASSERT_EQ(story.requests.size(), 1U) << told(story);
  EXPECT_EQ(story.requests[0].to, "inner");
  EXPECT_EQ(story.requests[0].via, "gate");
  EXPECT_TRUE(has(cause_of(story), "inner answered after ")) << cause_of(story);
}

}  // namespace
}  // namespace macula::sim
