#include "sim/run/world.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "sim/macula/community.h"
#include "sim/macula/node_key.h"
#include "tests/sim/scenario_text.h"

namespace macula::sim {
namespace {

using NodeNumbers = std::vector<NodeNumber>;

// bootstrap 0, gw 1, eu#0 to eu#9: 2 to 11.
class WorldTest : public testing::Test {
 protected:
  World& build(const Overrides& overrides = {}) {
    auto parsed = parse(kHead + kExpect, overrides);
    if (!parsed) throw std::runtime_error(errors(kHead + kExpect, overrides));
    scenario_ = std::make_unique<Scenario>(std::move(*parsed));
    world_ = std::make_unique<World>(*scenario_, 1);
    return *world_;
  }
  void run_until(Duration time) { ASSERT_TRUE(world_->network().run_until(kTimeZero + time)); }

  static Selector named(const std::string& name) {
    Selector selector;
    selector.kind = Selector::Kind::named;
    selector.name = name;
    return selector;
  }
  static Selector indexed(const std::string& name, std::uint32_t number) {
    Selector selector = named(name);
    selector.kind = Selector::Kind::indexed;
    selector.number = number;
    return selector;
  }
  static Selector of(Selector::Kind kind, std::vector<Selector> members) {
    Selector selector;
    selector.kind = kind;
    selector.members = std::move(members);
    return selector;
  }
  NodeNumbers select(const Selector& selector, std::uint64_t seed = 1) {
    return world_->select(selector, seed);
  }

  std::unique_ptr<Scenario> scenario_;
  std::unique_ptr<World> world_;
};

TEST_F(WorldTest, NamesIdsAndContactsOfItsNodes) {
  World& world = build();
  ASSERT_EQ(world.size(), 12U);
  EXPECT_EQ(world.name(0), "bootstrap");
  EXPECT_EQ(world.name(2), "eu#0");
  EXPECT_EQ(world.name(11), "eu#9");
  std::set<dht::NodeId> ids;
  for (NodeNumber node = 0; node < world.size(); ++node) {
    EXPECT_EQ(macula(world).book().id(macula(world).contact(node)),
              NodeKey::derive(world.name(node)).id());
    EXPECT_EQ(world.network().node_of(macula(world).contact(node)), node);
    ids.insert(macula(world).book().id(macula(world).contact(node)));
  }
  EXPECT_EQ(ids.size(), world.size());
}

TEST_F(WorldTest, SeededIdsDifferFromSeedToSeed) {
  build({{"group.eu.ids", "seeded"}});
  World other(*scenario_, 2);
  EXPECT_NE(macula(*world_).book().id(macula(*world_).contact(2)),
            macula(other).book().id(macula(other).contact(2)));
  EXPECT_EQ(macula(*world_).book().id(macula(*world_).contact(0)),
            macula(other).book().id(macula(other).contact(0)));
}

TEST_F(WorldTest, SelectsByNameNumberListAndCloseness) {
  World& world = build();
  EXPECT_EQ(select(Selector{}).size(), 12U);
  EXPECT_EQ(select(named("gw")), (NodeNumbers{1}));
  EXPECT_EQ(select(named("eu")), (NodeNumbers{2, 3, 4, 5, 6, 7, 8, 9, 10, 11}));
  EXPECT_EQ(select(indexed("eu", 4)), (NodeNumbers{6}));
  EXPECT_EQ(select(of(Selector::Kind::list, {indexed("eu", 4), named("gw"), named("gw")})),
            (NodeNumbers{6, 1}));
  Selector closest;
  closest.kind = Selector::Kind::closest;
  closest.name = "note";
  closest.number = 3;
  EXPECT_EQ(select(closest), macula(world).directory().closest(dht::hash_id("note"), 3,
                                                               [](NodeNumber) { return true; }));
  EXPECT_EQ(select(closest).size(), 3U);
}

TEST_F(WorldTest, AnyIsALiveOneOfThem) {
  World& world = build();
  run_until(std::chrono::seconds(1));
  for (const NodeNumber node : {2U, 3U, 4U, 5U, 6U, 7U}) world.crash(node);
  world.network().pause(8);
  std::set<NodeNumber> drawn;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const NodeNumbers nodes = select(of(Selector::Kind::any, {named("eu")}), seed);
    ASSERT_EQ(nodes.size(), 1U);
    drawn.insert(nodes[0]);
  }
  EXPECT_EQ(drawn, (std::set<NodeNumber>{9, 10, 11}));
  EXPECT_TRUE(select(of(Selector::Kind::any, {indexed("eu", 0)})).empty());
}

TEST_F(WorldTest, SampleIsAShareWithoutRepetition) {
  build();
  Selector sample = of(Selector::Kind::sample, {named("eu")});
  sample.share_ppm = 300'000;
  std::set<NodeNumber> drawn;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const NodeNumbers nodes = select(sample, seed);
    ASSERT_EQ(nodes.size(), 3U);
    ASSERT_EQ(std::set<NodeNumber>(nodes.begin(), nodes.end()).size(), 3U);
    ASSERT_TRUE(std::is_sorted(nodes.begin(), nodes.end()));
    drawn.insert(nodes.begin(), nodes.end());
  }
  EXPECT_EQ(drawn.size(), 10U);
}

TEST_F(WorldTest, HoldersAreLiveNodesThatHoldTheKey) {
  World& world = build();
  run_until(std::chrono::seconds(1));
  const auto value = std::make_shared<const dht::wire::Value>(dht::wire::Value{"text"});
  for (const NodeNumber node : {1U, 4U, 5U}) {
    ASSERT_TRUE(macula(world).node(node).store_local(dht::hash_id("note"), value));
  }
  world.crash(4);
  Selector holders;
  holders.kind = Selector::Kind::holders;
  holders.name = "note";
  EXPECT_EQ(select(holders), (NodeNumbers{1, 5}));
}

TEST_F(WorldTest, NodesJoinThroughTheirBootstrapNode) {
  World& world = build({{"protocol.k", "4"}});
  run_until(std::chrono::seconds(30));
  for (NodeNumber node = 2; node < world.size(); ++node) {
    EXPECT_TRUE(macula(world).node(node).health().healthy) << world.name(node);
    EXPECT_GE(macula(world).node(node).table().size(), 4U) << world.name(node);
  }
  EXPECT_EQ(macula(world).node(1).table().size(), 0U);  // it does not join, and nobody knows it
  for (NodeNumber node = 0; node < world.size(); ++node) {
    EXPECT_EQ(macula(world).node(node).violation(), std::nullopt) << world.name(node);
  }
}

TEST_F(WorldTest, IdealTablesAreThereFromTheStart) {
  World& world = build({{"scenario.tables", "ideal"}});
  run_until(Duration{0});
  for (NodeNumber node = 0; node < world.size(); ++node) {
    EXPECT_EQ(macula(world).node(node).table().size(),
              world.size() - 1);  // fewer than a bucket holds
  }
  EXPECT_EQ(world.network().log().messages(), 0U);
}

TEST_F(WorldTest, ARestartKeepsTheIdentityAndWhatItIsTold) {
  World& world = build();
  run_until(std::chrono::seconds(30));
  std::vector<NodeNumber> crashed;
  world.on_crash([&](NodeNumber node) { crashed.push_back(node); });
  const auto value = std::make_shared<const dht::wire::Value>(dht::wire::Value{"text"});
  for (const NodeNumber node : {2U, 3U}) {
    ASSERT_TRUE(macula(world).node(node).store_local(dht::hash_id("note"), value));
  }
  world.crash(2);
  EXPECT_FALSE(world.up(2));
  EXPECT_TRUE(macula(world).has_lived(2));
  world.crash(2);  // it is down already
  world.restart(2, /*keep_state=*/true);
  world.restart(3, /*keep_state=*/false);  // from up
  EXPECT_EQ(crashed, (NodeNumbers{2, 3}));
  EXPECT_TRUE(world.up(2));
  EXPECT_TRUE(world.up(3));
  EXPECT_EQ(macula(world).node(2).self(), macula(world).contact(2));
  EXPECT_NE(macula(world).node(2).records().find(dht::hash_id("note")), nullptr);
  EXPECT_EQ(macula(world).node(3).records().find(dht::hash_id("note")), nullptr);
  EXPECT_GE(macula(world).node(2).table().size(), 10U);
  EXPECT_EQ(macula(world).node(3).table().size(), 0U);
  run_until(std::chrono::seconds(50));
  EXPECT_GE(macula(world).node(3).table().size(), 10U);  // it has joined again
}

TEST_F(WorldTest, SharedStorageIsReadByAll) {
  World& world = build({{"scenario.storage", "shared"}});
  run_until(std::chrono::seconds(1));
  const auto value = std::make_shared<const dht::wire::Value>(dht::wire::Value{"text"});
  ASSERT_TRUE(macula(world).node(2).store_local(dht::hash_id("note"), value));
  EXPECT_NE(macula(world).node(9).records().find(dht::hash_id("note")), nullptr);
}

}  // namespace
}  // namespace macula::sim
