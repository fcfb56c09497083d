// Text of a file that has no effect is a warning; text that cannot be meant is an error.
#include <gtest/gtest.h>

#include "tests/places.h"
#include "tests/sim/scenario_text.h"

namespace macula::sim {
namespace {

std::string warnings(const std::string& part, const Overrides& overrides = {}) {
  const auto scenario = parse(kHead + part + kExpect, overrides);
  EXPECT_TRUE(scenario) << format(scenario.error());
  std::string all;
  if (!scenario) return all;
  for (const Diagnostic& warning : scenario->warnings) {
    EXPECT_TRUE(warning.warning);
    all += warning.message + "\n";
  }
  return all;
}

TEST(Unused, NothingIsSaidOfWhatIsUsed) {
  EXPECT_EQ(warnings(""), "");
  EXPECT_EQ(warnings("[link.home]\nloss = \"1%\"\n[[node]]\nname = \"x\"\nlink = \"home\"\n"), "");
}

TEST(Unused, ALinkThatNoNodeHas) {
  const std::string message =
      "no node has the link `home`: write `link = \"home\"` in a [[node]] or [[group]]\n";
  EXPECT_EQ(warnings("[link.home]\nloss = \"1%\"\n"), message);
  EXPECT_EQ(warnings("", {{"link.home.loss", "1%"}}), message);
  const auto scenario = parse(kHead + kExpect, {{"link.home.loss", "1%"}});
  EXPECT_EQ(format(scenario->warnings), "test.toml: --set link.home.loss: warning: " + message);
  const auto of_file = parse(kHead + kExpect + "[link.home]\nloss = \"1%\"\n");
  EXPECT_NE(format(of_file->warnings).find("test.toml:19:"), std::string::npos)
      << format(of_file->warnings);
}

TEST(Unused, ARelayWithoutReachAndARegionWithoutAMatrix) {
  EXPECT_EQ(warnings("[[node]]\nname = \"x\"\nrelay = \"gw\"\n"),
            "`relay` has no effect: write `reach = \"relay\"` in [scenario], or `reach = "
            "\"direct\"` to set it aside\n");
  EXPECT_EQ(warnings("[[node]]\nname = \"x\"\nrelay = \"gw\"\n", {{"scenario.reach", "direct"}}),
            "");
  EXPECT_EQ(warnings("[[node]]\nname = \"x\"\nrelay = \"gw\"\n", {{"scenario.reach", "relay"}}),
            "");
  EXPECT_EQ(warnings("[[node]]\nname = \"x\"\nregion = \"eu\"\n"),
            "`region` has no effect: [latency] has no `matrix`\n");
}

TEST(Unused, RegionsThatTheMatrixHasNoRowFor) {
  const std::string matrix = std::string(source_dir()) + "/scenarios/data/regions.csv";
  const Overrides with{{"latency.matrix", '"' + matrix + '"'}};
  EXPECT_EQ(warnings("", with), "`matrix` has no effect: no node has a `region`\n");
  EXPECT_EQ(warnings("[[group]]\nname = \"x\"\ncount = 2\nregion = \"eu\"\n", with), "");
  const auto unknown = parse(kHead + kExpect + "[[node]]\nname = \"x\"\nregion = \"mars\"\n", with);
  ASSERT_FALSE(unknown);
  EXPECT_NE(format(unknown.error()).find("unknown region `mars`"), std::string::npos);
}

TEST(Unused, ALabelThatNoExpectationSpeaksOf) {
  const std::string step = "[[at]]\nt = \"1s\"\nlookup = { by = \"gw\", key = \"a\", label = ";
  const auto expect = [](const char* label) {
    return "[[expect]]\nname = \"x\"\nmetric = \"operations(" + std::string(label) +
           ")\"\nat_least = 0\n";
  };
  EXPECT_EQ(warnings(step + "\"probe\" }\n"), "no expectation speaks of the label `probe`\n");
  EXPECT_EQ(warnings(step + "\"probe\" }\n" + expect("probe")), "");
  EXPECT_EQ(warnings(step + "\"probe-{n}\" }\n" + expect("probe-0")), "");
  EXPECT_EQ(warnings(step + "\"probe-{n}\" }\n" + expect("probe-{n}")), "");
  EXPECT_EQ(warnings(step + "\"probe-{n}\" }\n" + step + "\"probe-x\" }\n" + expect("probe-x")),
            "no expectation speaks of the label `probe-{n}`\n");
}

// ----- errors -----

bool is_refused(const std::string& part, const std::string& why) {
  const std::string found = errors_of(part);
  EXPECT_NE(found.find(why), std::string::npos) << part << found;
  return !found.empty();
}

TEST(Placeholders, ThoseThatDoNotExistAreRefused) {
  for (const char* verb : {"store = { by = \"gw\", key = \"k-{i}\", value = \"1\" }",
                           "store = { by = \"gw\", key = \"k-{m % 200}\", value = \"1\" }",
                           "store = { by = \"gw\", key = \"k\", value = \"v-{normal(5)}\" }",
                           "store = { by = \"gw\", key = \"k\", value = \"v\", label = \"{m}\" }",
                           "advertise = { by = \"gw\", procedure = \"calc.{0}\" }",
                           "call = { by = \"gw\", procedure = \"p\", args = { a = \"{i}\" } }",
                           "find = { by = \"any(holders(k-{i}))\", key = \"k-{n}\" }",
                           "crash = \"closest(k-{i}, 3)\""}) {
    EXPECT_TRUE(
        is_refused("[[at]]\nt = \"1s\"\n" + std::string(verb), "there is no placeholder `{"))
        << verb;
  }
  EXPECT_EQ(errors_of("[[at]]\nt = \"1s\"\nstore = { by = \"gw\", key = \"k-{n}\", "
                      "value = '{\"a\": {}, \"n\": [{\"b\": 1}]}' }"),
            "");
}

TEST(Placeholders, TheirNumbersHaveBounds) {
  const auto find = [](const std::string& key) {
    return "[[at]]\nt = \"1s\"\nfind = { by = \"gw\", key = \"" + key + "\" }";
  };
  for (const char* key :
       {"{n % 1}", "{ n%1000000 }", "{uniform(7)}", "{zipf(7, 0)}", "{zipf(1000000, 4)}"}) {
    EXPECT_EQ(errors_of(find(key)), "") << key;
  }
  for (const char* key :
       {"{n % 0}", "{n % 1000001}", "{n % x}", "{uniform(-1)}", "{uniform()}", "{zipf(0, 1)}"}) {
    EXPECT_TRUE(is_refused(find(key), "is not a number from 1 to 1000000")) << key;
  }
  EXPECT_TRUE(is_refused(find("{zipf(7)}"), "write the exponent, too"));
  for (const char* key : {"{zipf(7, 4.1)}", "{zipf(7, x)}", "{zipf(7, -1)}"}) {
    EXPECT_TRUE(is_refused(find(key), "is not an exponent from 0 to 4")) << key;
  }
}

TEST(Placeholders, WhatDrawsStandsInKeysAndValuesAlone) {
  const std::string lookup = "[[at]]\nt = \"1s\"\nlookup = { by = \"gw\", key = \"a\"";
  for (const char* form : {"{n % 2}", "{uniform(2)}"}) {
    EXPECT_TRUE(is_refused(lookup + ", label = \"p-" + std::string(form) + "\" }",
                           "only `{n}` can, which names a series"));
  }
  EXPECT_TRUE(is_refused("[[at]]\nt = \"1s\"\ncrash = \"closest(k-{uniform(3)}, 3)\"",
                         "`any` and `sample` draw nodes"));
  EXPECT_EQ(errors_of("[[at]]\nt = \"1s\"\ncrash = \"closest(k-{n % 3}, 3)\""), "");
}

// A brace in a name is a placeholder that somebody meant.
TEST(Placeholders, NoBraceStandsInANameByItself) {
  for (const char* key : {"k{}", "k{ }", "k{n", "kn}", "k{{n}}", "{"}) {
    const std::string store =
        "store = { by = \"gw\", key = \"" + std::string(key) + "\", value = \"1\" }";
    EXPECT_TRUE(is_refused("[[at]]\nt = \"1s\"\n" + store, "stands by itself")) << key;
  }
}

TEST(Placeholders, HaveNoMeaningWhereNothingRepeats) {
  const std::string step =
      "[[at]]\nt = \"1s\"\nlookup = { by = \"gw\", key = \"a\", label = \"p-{n}\" }\n";
  const auto expect = [&](const std::string& metric) {
    return step + "[[expect]]\nname = \"x\"\nmetric = \"" + metric + "\"\nat_least = 0\n";
  };
  EXPECT_EQ(errors_of(expect("operations(p-0)")), "");
  EXPECT_EQ(errors_of(expect("operations(p-{n})")), "");  // the whole series
  for (const char* metric : {"holders(k-{n})", "served(closest(k-{n}, 3))"}) {
    EXPECT_TRUE(is_refused(expect(metric), "stands where nothing repeats")) << metric;
  }
}

TEST(ErrorCodes, ThoseThatDoNotExistAreRefused) {
  const auto expect = [](const std::string& code) {
    return "[[at]]\nt = \"1s\"\nlookup = { by = \"gw\", key = \"a\", label = \"p\" }\n"
           "[[expect]]\nname = \"x\"\nmetric = \"error_rate(p, " +
           code + ")\"\nat_least = \"0%\"\n";
  };
  EXPECT_EQ(errors_of(expect("timeout")), "");
  EXPECT_TRUE(is_refused(expect("timed_out"),
                         "no operation ends with the error code `timed_out`: there are timeout, "
                         "not_found, refused"));
  EXPECT_TRUE(is_refused(expect("unfinished"), "ask for `unfinished(label)`"));
}

TEST(Unfinished, IsMeasuredAtTheEndOfTheRun) {
  const std::string expect =
      "[[at]]\nt = \"1s\"\nlookup = { by = \"gw\", key = \"a\", label = \"p\" }\n"
      "[[expect]]\nname = \"x\"\nmetric = \"unfinished(p)\"\nequals = 0\n";
  EXPECT_EQ(errors_of(expect), "");
  for (const char* when : {"at = \"10s\"", "within = \"10s\"", "always = true"}) {
    EXPECT_TRUE(is_refused(expect + when, "known at the end of the run")) << when;
  }
}

TEST(Partitions, SidesThatCertainlyOverlapAreRefused) {
  const auto between = [](const std::string& a, const std::string& b) {
    return "[[at]]\nt = \"1s\"\npartition = { between = [\"" + a + "\", \"" + b + "\"] }";
  };
  EXPECT_TRUE(is_refused(between("eu", "eu"), "the sides overlap: `eu` is on both"));
  EXPECT_TRUE(is_refused(between("eu#3 + gw", "eu"), "the sides overlap: `eu#3` is on both"));
  EXPECT_TRUE(is_refused(between("all", "gw"), "the sides overlap: `gw` is on both"));
  EXPECT_TRUE(is_refused(between("eu#1 + eu#2", "gw + eu#2"), "`eu#2` is on both"));
  EXPECT_EQ(errors_of(between("eu#1", "eu#2 + gw")), "");
  EXPECT_EQ(errors_of(between("sample(eu, 10%)", "eu#2")), "");  // the run will tell
}

TEST(Unused, ModesOfWhatThereIsNot) {
  EXPECT_NE(warnings("", {{"scenario.chunks", "random"}}).find("`chunks` has no effect"),
            std::string::npos);
  EXPECT_EQ(warnings("", {{"scenario.chunks", "random"}, {"scenario.wire", "encoded"}}), "");
  EXPECT_NE(warnings("", {{"scenario.reach", "relay"}}).find("no node has a `relay`"),
            std::string::npos);
}

TEST(Unused, BoundsThatEveryRateKeeps) {
  const auto bound = [](const std::string& text) {
    return warnings("[[expect]]\nname = \"x\"\nmetric = \"healthy(all)\"\n" + text + "\n");
  };
  for (const char* text :
       {"at_least = \"0%\"", "at_most = \"100%\"", "between = [\"0%\", \"100%\"]"}) {
    EXPECT_NE(bound(text).find("`x` holds whatever happens"), std::string::npos) << text;
  }
  for (const char* text : {"at_least = \"100%\"", "at_most = \"0%\"", "equals = \"0%\""}) {
    EXPECT_EQ(bound(text), "") << text;
  }
}

TEST(ControlCharacters, StandInNoLineThatIsPrinted) {
  for (const char* part :
       {"[[expect]]\nname = \"a\\nb\"\nmetric = \"healthy(all)\"\nat_least = \"1%\"",
        "[[at]]\nt = \"1s\"\nlabel = \"a\\u001bb\"\ncrash = \"gw\"",
        "[[at]]\nt = \"1s\"\nlookup = { by = \"gw\", key = \"k\", label = \"a\\u007f\" }"}) {
    EXPECT_TRUE(is_refused(part, "without control characters")) << part;
  }
}

}  // namespace
}  // namespace macula::sim
