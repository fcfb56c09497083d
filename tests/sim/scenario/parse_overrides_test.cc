#include <gtest/gtest.h>

#include "tests/sim/scenario/scenario_text.h"

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
            "--set at.0.store.value: error: `value` takes a text, not a number\n");
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
  EXPECT_EQ(quoted->protocol.k, 2U);
  EXPECT_EQ(quoted->wire, WireMode::encoded);
  EXPECT_EQ(quoted->populations[1].role, Role::edge);
  EXPECT_EQ(quoted->populations[2].count, 7U);
  EXPECT_EQ(quoted->populations[2].join->spread, std::chrono::seconds(5));
  EXPECT_EQ(quoted->populations[3].role, Role::gateway);
  EXPECT_EQ(quoted->steps[0].t, std::chrono::seconds(3));
  EXPECT_EQ(std::get<StoreStep>(quoted->steps[0].verb).value.text, "2");
  EXPECT_EQ(quoted->expectations[0].low, 0.9);
  EXPECT_EQ(quoted->links.classes.at(0).delay.first(), 4'000'000);
}

TEST(ParseOverrides, LaterOnesWin) {
  EXPECT_EQ(parse(kHead + kExpect, {{"protocol.k", "2"}, {"protocol.k", "3"}})->protocol.k, 3U);
}

TEST(ParseOverrides, AreJudgedLikeTheFile) {
  EXPECT_EQ(override_errors("protocol.kk", "2"),
            "--set protocol.kk: error: unknown key `kk`, did you mean `k`?\n");
  EXPECT_EQ(override_errors("protcol.k", "2"),
            "--set protcol.k: error: unknown key `protcol`, did you mean `protocol`?\n");
  EXPECT_EQ(override_errors("nat.home.kind", "1s"),
            "--set nat.home.kind: error: `nat` is not built yet\n");
  EXPECT_EQ(override_errors("scenario.duration", "15"),
            "--set scenario.duration: error: the bare number 15 has no unit: write `duration = "
            "\"15s\"` or `duration = \"15ms\"`\n");
  EXPECT_EQ(override_errors("node.gv.role", "edge"),
            "--set node.gv.role: error: there is no node `gv` among 2, did you mean `gw`?\n");
  EXPECT_EQ(override_errors("expect.1.at_least", "1%"),
            "--set expect.1.at_least: error: there is no expect `1` among 1; there are all up\n");
  EXPECT_EQ(override_errors("scenario.name.x", "1"),
            "--set scenario.name.x: error: `name` is a text and has no keys\n");
  for (const char* key : {"", ".", "..", "protocol.", "node", "node.gw", "a.b.c.d.e"}) {
    EXPECT_NE(override_errors(key, "1"), "") << key;
  }
}

}  // namespace
}  // namespace macula::sim
