#include <gtest/gtest.h>

#include "tests/sim/scenario_text.h"

namespace macula::sim {
namespace {

Step step(const std::string& lines) {
  const auto scenario = parse(kHead + "[[at]]\n" + lines + "\n" + kExpect);
  EXPECT_TRUE(scenario) << lines << "\n" << format(scenario.error());
  return scenario ? scenario->steps.at(0) : Step{};
}

template <typename T>
T verb(const std::string& lines) {
  const Step read = step("t = \"1s\"\n" + lines);
  EXPECT_TRUE(std::holds_alternative<T>(read.verb)) << lines;
  return std::holds_alternative<T>(read.verb) ? std::get<T>(read.verb) : T{};
}

TEST(ParseSteps, EveryVerb) {
  const auto store =
      verb<StoreStep>("store = { by = \"gw\", key = \"a\", value = \"1\", local = true }");
  EXPECT_EQ(store.by.name, "gw");
  EXPECT_EQ(store.key, "a");
  EXPECT_EQ(store.value.text, "1");
  EXPECT_TRUE(store.local);
  EXPECT_FALSE(store.sign);
  EXPECT_TRUE(
      verb<StoreStep>("store = { by = \"gw\", key = \"a\", value = \"1\", signed = true }").sign);
  EXPECT_EQ(verb<WithdrawStep>("withdraw = { by = \"gw\", key = \"a\" }").key, "a");
  EXPECT_EQ(verb<WithdrawStep>("withdraw = { by = \"gw\", procedure = \"p\" }").procedure, "p");
  const auto find = verb<FindStep>("find = { by = \"gw\", key = \"a\", local = false }");
  EXPECT_FALSE(find.local);
  EXPECT_TRUE(find.network);
  EXPECT_EQ(verb<AdvertiseStep>("advertise = { by = \"gw\", procedure = \"p\" }").procedure, "p");
  EXPECT_EQ(verb<DiscoverStep>("discover = { by = \"gw\", procedure = \"p\" }").procedure, "p");
  const auto call = verb<CallStep>(
      "call = { by = \"gw\", procedure = \"p\", args = { b = 3, a = [2, 0.5, true, \"{n}\"] }, "
      "timeout = \"2s\", to = \"eu#1\", routed = true }");
  EXPECT_EQ(call.args.text, "{\"a\":[2,0.5,true,\"{n}\"],\"b\":3}");
  EXPECT_EQ(call.timeout, std::chrono::seconds(2));
  EXPECT_EQ(call.to->number, 1U);
  EXPECT_TRUE(call.routed);
  const auto plain = verb<CallStep>("call = { by = \"gw\", procedure = \"p\" }");
  EXPECT_EQ(plain.args.text, "{}");
  EXPECT_FALSE(plain.timeout);
  EXPECT_FALSE(plain.to);
  EXPECT_EQ(verb<CastStep>("cast = { by = \"gw\", procedure = \"p\", to = \"eu\" }").to.name, "eu");
  EXPECT_EQ(verb<PingStep>("ping = { by = \"gw\", to = \"eu\", timeout = \"1s\" }").timeout,
            std::chrono::seconds(1));
  EXPECT_EQ(verb<LookupStep>("lookup = { by = \"gw\", key = \"a\" }").key, "a");
  EXPECT_EQ(verb<CrashStep>("crash = [\"gw\", \"eu#1\"]").nodes.members.size(), 2U);
  EXPECT_FALSE(verb<RestartStep>("restart = \"gw\"").keep_state);
  EXPECT_TRUE(verb<RestartStep>("restart = { nodes = \"gw\", state = \"keep\" }").keep_state);
  EXPECT_EQ(verb<PauseStep>("pause = \"gw\"").nodes.name, "gw");
  EXPECT_EQ(verb<ResumeStep>("resume = \"gw\"").nodes.name, "gw");
  const auto partition =
      verb<PartitionStep>("partition = { between = [\"gw\", \"eu\"], mode = \"one-way\" }");
  EXPECT_EQ(partition.a.name, "gw");
  EXPECT_EQ(partition.b.name, "eu");
  EXPECT_TRUE(partition.one_way);
  EXPECT_FALSE(verb<PartitionStep>("partition = { between = [\"gw\", \"eu\"] }").one_way);
  verb<HealStep>("heal = \"all\"");
}

TEST(ParseSteps, RepetitionAndLabel) {
  const Step once = step("t = \"1s\"\nheal = \"all\"");
  EXPECT_FALSE(once.every);
  EXPECT_FALSE(once.until);
  const Step repeated = step("t = \"1s\"\nevery = \"2s\"\nuntil = \"9s\"\nheal = \"all\"");
  EXPECT_EQ(repeated.every, std::chrono::seconds(2));
  EXPECT_EQ(repeated.until, std::chrono::seconds(9));
  const Step open = step("t = \"1s\"\nevery = \"2s\"\nheal = \"all\"");
  EXPECT_EQ(open.until, std::chrono::minutes(1));
  EXPECT_EQ(step("t = \"1s\"\nlabel = \"x\"\nlookup = { by = \"gw\", key = \"a\" }").label, "x");
  EXPECT_EQ(step("t = \"1s\"\nlookup = { by = \"gw\", key = \"a\", label = \"x\" }").label, "x");
}

TEST(ParseSteps, OperationsThatSearchOrCallCanBeCancelled) {
  for (const char* verb : {"store = { value = \"1\", key = \"a\"", "find = { key = \"a\"",
                           "lookup = { key = \"a\"", "advertise = { procedure = \"p\"",
                           "discover = { procedure = \"p\"", "call = { procedure = \"p\""}) {
    const std::string lines = std::string("t = \"1s\"\n") + verb + ", by = \"gw\"";
    EXPECT_EQ(step(lines + ", cancel_after = \"200ms\" }").cancel_after,
              std::chrono::milliseconds(200));
    EXPECT_FALSE(step(lines + " }").cancel_after);
  }
}

struct Case {
  const char* lines;
  const char* message;
};

TEST(ParseSteps, WhatIsWrongIsSaid) {
  const Case cases[] = {
      {"heal = \"all\"", "`t` is missing from [[at]]: write `t = \"90s\"`"},
      {"t = \"61s\"\nheal = \"all\"", "`t` is after the end of the run"},
      {"t = \"1s\"\nevery = \"1s\"\nuntil = \"61s\"\nheal = \"all\"",
       "`until` is after the end of the run"},
      {"t = \"2s\"\nevery = \"1s\"\nuntil = \"1s\"\nheal = \"all\"", "`until` is before `t`"},
      {"t = \"2s\"\nuntil = \"3s\"\nheal = \"all\"", "`until` without `every`"},
      {"t = \"2s\"\nevery = \"0s\"\nheal = \"all\"", "`every` cannot be 0"},
      {"t = \"1s\"\nevery = \"5us\"\nheal = \"all\"",
       "the steps repeat more than 10000000 times in all"},
      {"t = \"1s\"", "a step needs a verb: one of store, find"},
      {"t = \"1s\"\ncrash = \"gw\"\npause = \"gw\"",
       "a step has one verb, and `crash` stands here already"},
      {"t = \"1s\"\ncrsh = \"gw\"", "unknown key `crsh`, did you mean `crash`?"},
      {"t = \"1s\"\nleave = \"gw\"", "`leave` is not built yet"},
      {"t = \"1s\"\ncrash = \"gv\"", "`crash`: there is no node or group `gv`, did you mean `gw`?"},
      {"t = \"1s\"\ncrash = \"eu#10\"", "`crash`: `eu` has 10 nodes: its last is `eu#9`"},
      {"t = \"1s\"\ncrash = []", "`crash`: an empty list selects no node"},
      {"t = \"1s\"\ncrash = 3", "`crash` takes a node selector"},
      {"t = \"1s\"\nheal = \"some\"", "`heal` ends every partition: write `heal = \"all\"`"},
      {"t = \"1s\"\nstore = { by = \"gw\", key = \"\", value = \"1\" }", "`key` is empty"},
      {"t = \"1s\"\nstore = { by = \"gw\", key = \"a\", value = 1 }",
       "`value` takes a text, not a number"},
      {"t = \"1s\"\nstore = { by = \"gw\", key = \"a\" }",
       "`value` is missing from `store`: write `value = \"21.5\"`"},
      {"t = \"1s\"\nfind = { by = \"gw\", key = \"a\", local = false, network = false }",
       "a find with neither `local` nor `network` looks nowhere"},
      {"t = \"1s\"\ncall = { by = \"gw\", procedure = \"p\", args = { at = 2024-01-01 } }",
       "`args`: JSON has no dates"},
      {"t = \"1s\"\nping = { by = \"gw\", to = \"eu\", cancel_after = \"1s\" }",
       "unknown key `cancel_after`"},
      {"t = \"1s\"\nlookup = { by = \"gw\", key = \"a\", cancel_after = 2 }",
       "the bare number 2 has no unit"},
      {"t = \"1s\"\ncall = { by = \"gw\", procedure = \"p\", timeout = 5 }",
       "the bare number 5 has no unit: write `timeout = \"5s\"`"},
      {"t = \"1s\"\ncall = { by = \"gw\", procedure = \"p\", timeout = \"0s\" }",
       "`timeout` cannot be 0"},
      {"t = \"1s\"\ncall = { by = \"gw\", procdure = \"p\" }",
       "`procedure` is missing from `call`"},
      {"t = \"1s\"\nlabel = \"a\"\nlookup = { by = \"gw\", key = \"a\", label = \"b\" }",
       "the step has the label `a` already"},
      {"t = \"1s\"\npartition = { between = [\"gw\"] }", "`between` takes two sides"},
      {"t = \"1s\"\npartition = { between = [\"gw\", \"eu\"], mode = \"oneway\" }",
       "`mode` cannot be `oneway`, did you mean `one-way`?"},
  };
  for (const Case& c : cases) {
    const std::string part = std::string("[[at]]\n") + c.lines;
    EXPECT_EQ(errors_of(part).substr(0, std::string(c.message).size()), c.message) << c.lines;
  }
}

TEST(ParseSteps, ASeriesOfLabelsHasALimit) {
  const std::string step =
      "[[at]]\nt = \"10s\"\nlabel = \"p-{n}\"\n"
      "lookup = { by = \"gw\", key = \"a\" }\n";
  EXPECT_EQ(errors_of(step + "every = \"1ms\"\nuntil = \"19999ms\"\n"), "");
  EXPECT_EQ(errors_of(step + "every = \"1ms\"\nuntil = \"20s\"\n"),
            "`label`: `p-{n}` would be more than 10000 labels\n");
}

TEST(ParseSteps, RepetitionsOfAllStepsCountTogether) {
  const std::string part = "[[at]]\nt = \"0s\"\nevery = \"10us\"\nheal = \"all\"\n";
  EXPECT_EQ(errors_of(part), "");
  EXPECT_NE(errors_of(part + part), "");
}

}  // namespace
}  // namespace macula::sim
