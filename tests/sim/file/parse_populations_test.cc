#include <gtest/gtest.h>

#include "tests/sim/scenario_text.h"

namespace macula::sim {
namespace {

TEST(ParsePopulations, StandInOrderOfTheFile) {
  const auto scenario =
      parse(kHead + kExpect + "[[node]]\nname = \"last\"\nknows = [\"gw\", \"eu#9\"]\n");
  ASSERT_TRUE(scenario) << format(scenario.error());
  EXPECT_EQ(scenario->populations.back().name, "last");
  EXPECT_EQ(scenario->populations[2].name, "eu");
  EXPECT_EQ(scenario->populations.back().knows, (std::vector<std::string>{"gw", "eu#9"}));
}

struct WrongPopulation {
  const char* part;
  const char* message;
};

TEST(ParsePopulations, WhatIsWrongIsSaid) {
  const WrongPopulation cases[] = {
      {"[[node]]\n", "`name` is missing from [[node]]: write `name = \"edge1\"`"},
      {"[[group]]\nname = \"us\"", "`count` is missing from [[group]]: write `count = 100`"},
      {"[[node]]\nname = \"eu\"", "the name `eu` is taken already"},
      {"[[node]]\nname = \"all\"", "`all` is the selector of every node, not a name"},
      {"[[group]]\nname = \"us\"\ncount = 10000001", "`count` takes 1 to 10000000, not 10000001"},
      {"[[group]]\nname = \"us\"\ncount = 10000000", "the scenario has more than 10000000 nodes"},
      {"[[group]]\nname = \"us\"\ncount = \"9\"", "`count` takes a whole number, not a text"},
      {"[[node]]\nname = \"a\"\nlink = \"home\"", "unknown link `home`"},
      {"[[node]]\nname = \"a\"\nendpoint = \"host:1\"",
       "`host:1` is no address and port, as in \"172.21.0.10:9443\""},
      {"[[node]]\nname = \"a\"\nendpoint = \"1.2.3.4:1\"\n[[node]]\nname = \"b\"\n"
       "endpoint = \"1.2.3.4:1\"",
       "the endpoint `1.2.3.4:1` is taken already"},
      {"[[node]]\nname = \"a\"\nannounce = \"0.0.0.0:1\"",
       "`0.0.0.0:1` is no address and port, as in \"172.21.0.10:9443\""},
      {"[[node]]\nname = \"a\"\njoin = {}",
       "`via` is missing from `join`: write `via = \"bootstrap\"`"},
      {"[[node]]\nname = \"a\"\njoin = { via = \"eu\" }",
       "`via`: `eu` is a group: name one of its nodes, as `eu#0`"},
      {"[[node]]\nname = \"a\"\njoin = { via = \"a\" }",
       "`via`: a node cannot join through itself"},
      {"[[node]]\nname = \"a\"\njoin = { via = \"gw\", at = \"30s\", spread = \"31s\" }",
       "the join ends after the run"},
      {"[[node]]\nname = \"a\"\nrelay = \"bootstrap\"",
       "`relay`: `bootstrap` has not the role \"gateway\""},
      {"[[node]]\nname = \"a\"\nknows = [\"gw\", \"gw\"]", "`knows`: `gw` stands here twice"},
      {"[[node]]\nname = \"a\"\nknows = [\"a\"]", "`knows`: a node does not know itself"},
      {"[[node]]\nname = \"a\"\nprofile = \"kademla\"",
       "unknown profile `kademla`, did you mean `kademlia`?"},
      {"[[node]]\nname = \"a\"\nrole = \"boostrap\"",
       "`role` cannot be `boostrap`, did you mean `bootstrap`?"},
      {"[[node]]\nname = \"a\"\ncount = 3", "unknown key `count`; [[node]] knows name"},
  };
  for (const WrongPopulation& c : cases) {
    EXPECT_EQ(errors_of(c.part).substr(0, std::string(c.message).size()), c.message) << c.part;
  }
}

TEST(ParsePopulations, NobodyJoinsThroughARelayedNode) {
  const std::string part = "[[node]]\nname = \"a\"\njoin = { via = \"eu#3\" }\n";
  EXPECT_EQ(errors(kHead + part + kExpect), "");
  EXPECT_NE(errors(kHead + part + kExpect, {{"scenario.reach", "relay"}, {"group.eu.relay", "gw"}}),
            "");
}

}  // namespace
}  // namespace macula::sim
