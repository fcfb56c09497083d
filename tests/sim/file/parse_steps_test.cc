#include <gtest/gtest.h>

#include "tests/sim/scenario_text.h"

namespace macula::sim {
namespace {

Step step(const std::string& lines) {
  const auto scenario = parse(kHead + "[[at]]\n" + lines + "\n" + kExpect);
  EXPECT_TRUE(scenario) << lines << "\n" << format(scenario.error());
  return scenario ? scenario->steps.at(0) : Step{};
}

Arguments arguments(const std::string& lines) {
  const Step read = step("t = \"1s\"\n" + lines);
  EXPECT_NE(read.verb, nullptr) << lines;
  if (read.verb != nullptr) {
    EXPECT_EQ(read.verb->name, lines.substr(0, lines.find(' ')));
  }
  return read.arguments;
}

TEST(ParseSteps, EveryVerb) {
  const auto store = arguments("store = { by = \"gw\", key = \"a\", value = \"1\", local = true }");
  EXPECT_EQ(store.selector("by").name, "gw");
  EXPECT_EQ(store.text("key"), "a");
  EXPECT_EQ(store.payload("value").text, "1");
  EXPECT_TRUE(store.flag("local"));
  EXPECT_FALSE(store.flag("signed"));
  EXPECT_TRUE(arguments("store = { by = \"gw\", key = \"a\", value = \"1\", signed = true }")
                  .flag("signed"));
  EXPECT_EQ(arguments("withdraw = { by = \"gw\", key = \"a\" }").text("key"), "a");
  EXPECT_EQ(arguments("withdraw = { by = \"gw\", procedure = \"p\" }").text("procedure"), "p");
  EXPECT_FALSE(arguments("withdraw = { by = \"gw\", procedure = \"p\" }").has("key"));
  const auto find = arguments("find = { by = \"gw\", key = \"a\", local = false }");
  EXPECT_FALSE(find.flag("local"));
  EXPECT_TRUE(find.flag("network"));
  for (const char* verb : {"advertise", "discover"}) {
    EXPECT_EQ(
        arguments(verb + std::string(" = { by = \"gw\", procedure = \"p\" }")).text("procedure"),
        "p");
  }
  const auto call = arguments(
      "call = { by = \"gw\", procedure = \"p\", args = { b = 3, a = [2, 0.5, true, \"{n}\"] }, "
      "timeout = \"2s\", to = \"eu#1\", routed = true }");
  EXPECT_EQ(call.payload("args").text, "{\"a\":[2,0.5,true,\"{n}\"],\"b\":3}");
  EXPECT_EQ(call.duration("timeout"), std::chrono::seconds(2));
  EXPECT_EQ(call.selector("to").number, 1U);
  EXPECT_TRUE(call.flag("routed"));
  const auto plain = arguments("call = { by = \"gw\", procedure = \"p\" }");
  EXPECT_EQ(plain.payload("args").text, "{}");
  EXPECT_FALSE(plain.duration("timeout"));
  EXPECT_FALSE(plain.has("to"));
  const auto cast = arguments("cast = { by = \"gw\", procedure = \"p\", to = \"eu\" }");
  EXPECT_EQ(cast.selector("to").name, "eu");
  const auto ping = arguments("ping = { by = \"gw\", to = \"eu\", timeout = \"1s\" }");
  EXPECT_EQ(ping.duration("timeout"), std::chrono::seconds(1));
  EXPECT_EQ(arguments("lookup = { by = \"gw\", key = \"a\" }").text("key"), "a");
  EXPECT_EQ(arguments("crash = [\"gw\", \"eu#1\"]").selector("nodes").members.size(), 2U);
  EXPECT_EQ(arguments("restart = \"gw\"").selector("nodes").name, "gw");
  EXPECT_EQ(arguments("restart = \"gw\"").text("state"), "lose");
  EXPECT_EQ(arguments("restart = { nodes = \"gw\", state = \"keep\" }").text("state"), "keep");
  EXPECT_EQ(arguments("pause = \"gw\"").selector("nodes").name, "gw");
  EXPECT_EQ(arguments("resume = \"gw\"").selector("nodes").name, "gw");
  const auto cut = arguments("partition = { between = [\"gw\", \"eu\"], mode = \"one-way\" }");
  EXPECT_EQ(cut.sides("between").a.name, "gw");
  EXPECT_EQ(cut.sides("between").b.name, "eu");
  EXPECT_EQ(cut.text("mode"), "one-way");
  EXPECT_EQ(arguments("partition = { between = [\"gw\", \"eu\"] }").text("mode"), "both");
  arguments("heal = \"all\"");
}

TEST(ParseSteps, RepetitionAndLabel) {
  const Step once = step("t = \"1s\"\nheal = \"all\"");
  EXPECT_FALSE(once.every);
  EXPECT_FALSE(once.until);
  const Step repeated = step("t = \"1s\"\nevery = \"2s\"\nuntil = \"9s\"\nheal = \"all\"");
  EXPECT_EQ(repeated.every, Distribution::constant(std::chrono::seconds(2)));
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

struct WrongStep {
  const char* lines;
  const char* message;
};

TEST(ParseSteps, WhatIsWrongIsSaid) {
  const WrongStep cases[] = {
      {"heal = \"all\"", "`t` is missing from [[at]]: write `t = \"90s\"`"},
      {"t = \"61s\"\nheal = \"all\"", "`t` is after the end of the run"},
      {"t = \"1s\"\nevery = \"1s\"\nuntil = \"61s\"\nheal = \"all\"",
       "`until` is after the end of the run"},
      {"t = \"2s\"\nevery = \"1s\"\nuntil = \"1s\"\nheal = \"all\"", "`until` is before `t`"},
      {"t = \"2s\"\nuntil = \"3s\"\nheal = \"all\"", "`until` without `every`"},
      {"t = \"2s\"\nevery = \"0s\"\nheal = \"all\"", "`every` cannot be 0"},
      {"t = \"1s\"\nevery = \"5us\"\nheal = \"all\"",
       "the steps repeat more than 10000000 times in all"},
      {"t = \"1s\"", "a step needs a verb: one of store, withdraw, find"},
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
      {"t = \"1s\"\nlookup = { by = \"gw\" }", "`lookup` takes a `key`, or `own = true`"},
      {"t = \"1s\"\nlookup = { by = \"gw\", own = false }",
       "`lookup` takes a `key`, or `own = true`"},
      {"t = \"1s\"\nlookup = { by = \"gw\", key = \"a\", own = true }",
       "`lookup` takes a `key`, or `own = true`"},
      {"t = \"1s\"\nfind = { by = \"gw\", key = \"a\", network = false, first = true }",
       "`first` is for values that others give"},
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
  for (const WrongStep& c : cases) {
    const std::string part = std::string("[[at]]\n") + c.lines;
    EXPECT_EQ(errors_of(part).substr(0, std::string(c.message).size()), c.message) << c.lines;
  }
}

TEST(ParseSteps, RepetitionsMayBeDrawnOrFollowTheirAnswers) {
  const std::string lookup = "t = \"1s\"\nlookup = { by = \"eu\", key = \"a\" }\n";
  EXPECT_EQ(step(lookup + "every = \"exponential(mean=2s)\"").every,
            Distribution::exponential(std::chrono::seconds(2)));
  const Step closed = step(lookup + "think = \"uniform(1s, 2s)\"\nuntil = \"9s\"");
  EXPECT_EQ(closed.think, Distribution::uniform(std::chrono::seconds(1), std::chrono::seconds(2)));
  EXPECT_EQ(closed.until, std::chrono::seconds(9));
  EXPECT_EQ(step(lookup + "think = \"0s\"").until, std::chrono::minutes(1));
  const WrongStep cases[] = {
      {"think = \"1s\"\nevery = \"1s\"", "`think` beside `every`"},
      {"think = \"often(1s)\"", "`think`: unknown distribution `often`"},
      {"every = \"uniform(0s, 0s)\"", "`every` cannot be 0"},
      {"every = \"exponential(mean=1us)\"", "the steps repeat more than 10000000 times in all"},
      {"every = \"exponential(mean=1s)\"\nlabel = \"p-{n}\"",
       "`label`: `p-{n}` is a label for each repetition, and how many there are is drawn"},
      {"think = \"1s\"\nlabel = \"p-{n}\"", "`label`: `p-{n}` is a label for each repetition"},
  };
  for (const WrongStep& c : cases) {
    const std::string wrong = errors_of("[[at]]\n" + lookup + c.lines);
    EXPECT_EQ(wrong.substr(0, std::string(c.message).size()), c.message) << c.lines;
  }
  EXPECT_EQ(errors_of("[[at]]\nt = \"1s\"\nthink = \"1s\"\ncrash = \"gw\""),
            "`think` is for verbs whose operations end: `crash` starts none\n");
}

TEST(ParseSteps, SizesMayBeDrawn) {
  const auto drawn = arguments(
      "store = { by = \"gw\", key = \"a\", value = { bytes = \"uniform(1KiB, 3KiB)\" } }");
  EXPECT_EQ(drawn.payload("value").size(0), 1024U);
  EXPECT_EQ(drawn.payload("value").size(~std::uint64_t{0}), 3072U);
  const auto sent = arguments(
      "call = { by = \"gw\", procedure = \"p\", args = { bytes = \"uniform(0B, 64MiB)\" } }");
  EXPECT_EQ(sent.payload("args").size(0), 2U);  // its quotes
  EXPECT_EQ(sent.payload("args").size(~std::uint64_t{0}), kPayloadBytesMax);
  EXPECT_EQ(errors_of("[[at]]\nt = \"1s\"\nstore = { by = \"gw\", key = \"a\", value = { bytes "
                      "= \"uniform(3KiB, 1KiB)\" } }"),
            "`value`: from 3KiB to 1KiB runs backwards\n");
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
