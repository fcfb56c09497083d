#include <gtest/gtest.h>

#include "tests/sim/scenario_text.h"

namespace macula::sim {
namespace {

std::string override_errors(const std::string& key, const std::string& value) {
  const auto scenario = parse(kHead + kExpect, {{key, value}});
  return scenario ? std::string() : format(scenario.error());
}

TEST(ParseOverrides, ReachEveryKey) {
  const std::string text =
      kHead + kExpect +
      "[[at]]\nt = \"1s\"\nstore = { by = \"gw\", key = \"a\", value = \"1\" }\n" +
      "[[node]]\nname = \"eu.west\"\n";
  const auto scenario = parse(text, {{"protocol.k", "2"},
                                     {"scenario.wire", "encoded"},
                                     {"node.gw.role", "edge"},
                                     {"node.eu.west.role", "gateway"},
                                     {"group.eu.count", "7"},
                                     {"group.0.join.spread", "5s"},
                                     {"at.0.t", "3s"},
                                     {"at.0.store.value", "2"},
                                     {"expect.0.equals", "90%"},
                                     {"link.home.delay", "4ms"}});
  // `value` takes a text, and 2 reads as a number.
  ASSERT_FALSE(scenario);
  EXPECT_EQ(format(scenario.error()),
            "test.toml: --set at.0.store.value: error: `value` takes a text, not a number\n");
  const auto quoted = parse(text, {{"protocol.k", "2"},
                                   {"scenario.wire", "encoded"},
                                   {"node.gw.role", "edge"},
                                   {"node.eu.west.role", "gateway"},
                                   {"group.eu.count", "7"},
                                   {"group.0.join.spread", "5s"},
                                   {"at.0.t", "3s"},
                                   {"at.0.store.value", "\"2\""},
                                   {"expect.0.equals", "90%"},
                                   {"link.home.delay", "4ms"}});
  ASSERT_TRUE(quoted) << format(quoted.error());
  EXPECT_EQ(macula_protocol(quoted->protocol).k, 2U);
  EXPECT_EQ(quoted->wire, WireMode::encoded);
  EXPECT_EQ(quoted->populations[1].role, Role::edge);
  EXPECT_EQ(quoted->populations[2].group->count, 7U);
  EXPECT_EQ(quoted->populations[2].join->spread, std::chrono::seconds(5));
  EXPECT_EQ(quoted->populations[3].role, Role::gateway);
  EXPECT_EQ(quoted->steps[0].t, std::chrono::seconds(3));
  EXPECT_EQ(quoted->steps[0].arguments.payload("value").text, "2");
  EXPECT_EQ(quoted->expectations[0].low, 0.9);
  EXPECT_EQ(quoted->links.classes.at(0).delay.first(), 4'000'000);
}

TEST(ParseOverrides, LaterOnesWin) {
  EXPECT_EQ(
      macula_protocol(parse(kHead + kExpect, {{"protocol.k", "2"}, {"protocol.k", "3"}})->protocol)
          .k,
      3U);
}

// An id is one step's own, whatever label others have.
TEST(ParseOverrides, StepsAreNamedByTheirIds) {
  const std::string text =
      kHead + kExpect +
      "[[at]]\nt = \"1s\"\nlookup = { by = \"gw\", key = \"a\", label = \"probe\" }\n"
      "[[at]]\nid = \"probe\"\nt = \"2s\"\nlookup = { by = \"gw\", key = \"b\" }\n";
  const auto scenario = parse(text, {{"at.probe.t", "5s"}});
  ASSERT_TRUE(scenario) << format(scenario.error());
  EXPECT_EQ(scenario->steps[0].t, std::chrono::seconds(1));
  EXPECT_EQ(scenario->steps[1].t, std::chrono::seconds(5));
  EXPECT_EQ(format(parse(text, {{"at.prob.t", "5s"}}).error()),
            "test.toml: --set at.prob.t: error: there is no [[at]] `prob` among 2, did you mean "
            "`probe`?\n");
}

// A step is named by its label, as a node is by its name.
TEST(ParseOverrides, StepsAreNamedByTheirLabels) {
  const std::string text =
      kHead + kExpect +
      "[[at]]\nt = \"1s\"\nlabel = \"early.probe\"\nlookup = { by = \"gw\", key = \"a\" }\n"
      "[[at]]\nt = \"2s\"\nlookup = { by = \"gw\", key = \"a\", label = \"late\" }\n"
      "[[at]]\nt = \"3s\"\nlookup = { by = \"gw\", key = \"b\", label = \"twice\" }\n"
      "[[at]]\nt = \"4s\"\nlookup = { by = \"gw\", key = \"c\", label = \"twice\" }\n";
  const auto scenario = parse(text, {{"at.early.probe.t", "5s"}, {"at.late.lookup.key", "\"z\""}});
  ASSERT_TRUE(scenario) << format(scenario.error());
  EXPECT_EQ(scenario->steps[0].t, std::chrono::seconds(5));
  EXPECT_EQ(scenario->steps[1].arguments.text("key"), "z");
  EXPECT_EQ(format(parse(text, {{"at.twice.t", "5s"}}).error()),
            "test.toml: --set at.twice.t: error: 2 entries have the label `twice`: name one by its "
            "index: 2, 3\n");
  EXPECT_EQ(format(parse(text, {{"at.lade.t", "5s"}}).error()),
            "test.toml: --set at.lade.t: error: there is no [[at]] `lade` among 4, did you mean "
            "`late`?\n");
}

TEST(ParseOverrides, AreJudgedLikeTheFile) {
  EXPECT_EQ(override_errors("protocol.kk", "2"),
            "test.toml: --set protocol.kk: error: unknown key `kk`, did you mean `k`?\n");
  EXPECT_EQ(override_errors("protcol.k", "2"),
            "test.toml: --set protcol.k: error: unknown key `protcol`, did you mean `protocol`?\n");
  EXPECT_EQ(override_errors("nat.home.kind", "1s"),
            "test.toml: --set nat.home.kind: error: `nat` is not built yet\n");
  EXPECT_EQ(override_errors("scenario.duration", "15"),
            "test.toml: --set scenario.duration: error: the bare number 15 has no unit: write "
            "`duration = "
            "\"15s\"` or `duration = \"15ms\"`\n");
  EXPECT_EQ(override_errors("node.gv.role", "edge"),
            "test.toml: --set node.gv.role: error: there is no [[node]] `gv` among 2, did you mean "
            "`gw`?\n");
  EXPECT_EQ(
      override_errors("expect.1.at_least", "1%"),
      "test.toml: --set expect.1.at_least: error: there is no [[expect]] `1` among 1; there are "
      "`all up`\n");
  EXPECT_EQ(override_errors("scenario.name.x", "1"),
            "test.toml: --set scenario.name.x: error: `name` is a text and has no keys\n");
  // The loss, the name and the bound have no place in the file.
  EXPECT_EQ(override_errors("link.home.loss", "{ model = \"iid\", p = \"2%\", q = 3 }"),
            "test.toml: --set link.home.loss: error: unknown key `q`: the loss model `iid` knows "
            "model, p\n");
  EXPECT_EQ(override_errors("link.a b.delay", "1ms"),
            "test.toml: --set link.a b.delay: error: `a b` is no name: letters, digits, `-`, `_`, "
            "`.`\n");
  EXPECT_EQ(override_errors("expect.0.near", "1%").substr(0, 31),
            "test.toml: --set expect.0.near:");
  for (const char* key : {"", ".", "..", "protocol.", "node", "node.gw", "a.b.c.d.e"}) {
    EXPECT_NE(override_errors(key, "1"), "") << key;
  }
}

}  // namespace
}  // namespace macula::sim
