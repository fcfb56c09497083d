// Invariants: a breach is told with its place, and to look changes nothing.
#include "sim/run/invariants.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include "sim/macula/community.h"
#include "sim/run/act.h"
#include "sim/run/run.h"
#include "tests/sim/scenario_text.h"

namespace macula::sim {
namespace {

// A step that corrupts the tables of nodes: a contact lies in one, and among the dead.
std::size_t bury(Act& act) {
  std::size_t buried = 0;
  for (const NodeNumber node : act.nodes("nodes")) {
    dht::RoutingTable& table = macula(act.world()).node(node).table();
    if (table.size() == 0) continue;
    table.dead().bury(table.entries().front(), act.world().network().now(), table.size());
    ++buried;
  }
  return buried;
}

// Macula's kit, a step that corrupts, and perhaps another invariant.
Kit kit_with(const std::vector<InvariantInfo>& more = {}) {
  Kit kit = macula_kit();
  kit.verbs.push_back({.name = "bury",
                       .form = VerbForm::value,
                       .about = "Corrupts tables.",
                       .example = "\"eu#0\"",
                       .keys = {{.name = "nodes",
                                 .type = KeyType::selector,
                                 .example = "\"eu#0\"",
                                 .about = "Which nodes."}},
                       .act = bury});
  kit.invariants.insert(kit.invariants.end(), more.begin(), more.end());
  return kit;
}

RunResult run_kit(const Kit& kit, const std::string& steps, const Overrides& overrides = {},
                  bool invariants = true) {
  const auto scenario = parse_scenario_text(kit, kHead + steps + kExpect, "test.toml", overrides);
  if (!scenario) throw std::runtime_error(scenario.error().front().message);
  RunOptions options;
  options.invariants = invariants;
  return run_scenario(*scenario, 1, options);
}

const std::string kStores =
    "[[at]]\nt = \"1s\"\nevery = \"100ms\"\nlabel = \"p\"\n"
    "store = { by = \"any(eu)\", key = \"k-{n}\", value = \"1\" }\n";
const std::string kBury = "[[at]]\nt = \"20s\"\nbury = \"eu#3\"\n";

TEST(Invariants, HoldInASoundRun) {
  const RunResult result = run_kit(kit_with(), kStores);
  EXPECT_TRUE(result.passed);
  EXPECT_TRUE(result.violations.empty());
  EXPECT_EQ(result.nodes, 12U);
  EXPECT_EQ(result.watched, 12U);
}

TEST(Invariants, ACorruptedTableIsToldWithItsPlaceAndTheRunGoesOn) {
  const RunResult sound = run_kit(kit_with(), kStores);
  const RunResult result = run_kit(kit_with(), kStores + kBury);
  EXPECT_FALSE(result.passed);
  EXPECT_EQ(result.crash, "");
  EXPECT_EQ(result.virtual_ns, sound.virtual_ns);
  ASSERT_EQ(result.violations.size(), 1U);
  const BrokenInvariant& broken = result.violations[0];
  EXPECT_EQ(broken.invariant, "table health");
  EXPECT_EQ(broken.node, "eu#3");
  EXPECT_NE(broken.what.find(" is in, and among the dead"), std::string::npos) << broken.what;
  // Seen at the next look, or after the first event with this contact.
  EXPECT_GE(broken.virtual_ns, 20'000'000'000);
  EXPECT_LE(broken.virtual_ns, 22'500'000'000);
  EXPECT_GT(broken.event, 0U);
  EXPECT_LT(broken.event, result.events);
}

TEST(Invariants, AreToldOnceForEachNode) {
  const RunResult result = run_kit(kit_with(), kStores + "[[at]]\nt = \"20s\"\nbury = \"eu\"\n");
  std::vector<std::string> nodes;
  for (const BrokenInvariant& broken : result.violations) {
    EXPECT_EQ(broken.invariant, "table health");
    nodes.push_back(broken.node);
  }
  std::sort(nodes.begin(), nodes.end());
  EXPECT_GE(nodes.size(), 5U);
  EXPECT_EQ(std::unique(nodes.begin(), nodes.end()), nodes.end());
}

// A node is in breach as soon as it knows this many.
constexpr std::size_t kTooMany = 3;

Violation knows_few(const NodeView& view) {
  if (macula(view.world).node(view.node).table().size() < kTooMany) return {};
  return "it knows " + std::to_string(macula(view.world).node(view.node).table().size());
}
bool knows_few_after(const NodeView& view) {
  return macula(view.world).node(view.node).table().size() < kTooMany;
}

TEST(Invariants, AreLookedAtAfterEachEvent) {
  const Kit kit = kit_with(
      {{.name = "few", .about = "-", .of_node = knows_few, .holds_after = knows_few_after}});
  const RunResult result = run_kit(kit, "");
  ASSERT_FALSE(result.violations.empty());
  for (const BrokenInvariant& broken : result.violations) {
    // One more than is allowed, not what it is at the next instant.
    EXPECT_EQ(broken.what, "it knows " + std::to_string(kTooMany)) << broken.node;
  }
}

std::optional<Breach> quiet_minute(const RunView& view) {
  if (view.world.network().now() < kTimeZero + std::chrono::seconds(30)) return {};
  return Breach{kNoNode, "half a minute has passed"};
}

TEST(Invariants, OfAllNodesAreLookedAtAtQuietInstants) {
  const Kit kit = kit_with({{.name = "young", .about = "-", .of_run = quiet_minute}});
  const RunResult result = run_kit(kit, "");
  ASSERT_EQ(result.violations.size(), 1U);
  EXPECT_EQ(result.violations[0].node, "");
  EXPECT_EQ(result.violations[0].virtual_ns, 30'000'000'000);
}

TEST(Invariants, AValueThatNobodyHasWrittenIsNoticed) {
  Kit kit = kit_with();
  kit.verbs.push_back(
      {.name = "forge",
       .form = VerbForm::value,
       .about = "Puts a value that nobody wrote into stores.",
       .example = "\"eu#0\"",
       .keys = {{.name = "nodes",
                 .type = KeyType::selector,
                 .example = "\"eu#0\"",
                 .about = "Which nodes."}},
       .act = [](Act& act) {
         const auto nodes = act.nodes("nodes");
         for (const NodeNumber node : nodes) {
           static_cast<void>(
               macula(act.world())
                   .node(node)
                   .store_local(dht::hash_id("k-3"),
                                std::make_shared<const dht::wire::Value>(dht::wire::Value{"2"})));
         }
         return nodes.size();
       }});
  const RunResult result = run_kit(kit, kStores + "[[at]]\nt = \"20s\"\nforge = \"gw\"\n");
  ASSERT_EQ(result.violations.size(), 1U);
  EXPECT_EQ(result.violations[0].invariant, "values");
  EXPECT_EQ(result.violations[0].node, "gw");
}

TEST(Invariants, ToLookChangesNothing) {
  const std::vector<Overrides> modes = {
      {},
      {{"scenario.ties", "shuffled"}},
      {{"scenario.wire", "encoded"}, {"scenario.chunks", "random"}},
  };
  const Kit kit = kit_with(
      {{.name = "few", .about = "-", .of_node = knows_few, .holds_after = knows_few_after}});
  for (const Overrides& mode : modes) {
    const RunResult without = run_kit(kit, kStores, mode, false);
    const RunResult with = run_kit(kit, kStores, mode, true);
    EXPECT_TRUE(without.violations.empty());
    EXPECT_FALSE(with.violations.empty());
    EXPECT_EQ(with.events, without.events);
    EXPECT_EQ(with.digest, without.digest);
    ASSERT_GT(with.checkpoints.size(), 1U);
    ASSERT_EQ(with.checkpoints.size(), without.checkpoints.size());
    for (std::size_t i = 0; i < with.checkpoints.size(); ++i) {
      EXPECT_EQ(with.checkpoints[i].events, without.checkpoints[i].events);
      EXPECT_EQ(with.checkpoints[i].virtual_ns, without.checkpoints[i].virtual_ns);
      EXPECT_EQ(with.checkpoints[i].digest, without.checkpoints[i].digest);
    }
  }
}

TEST(Invariants, AreLookedAtOnAPartOfALargeNetwork) {
  const auto scenario = parse(kHead + "[[group]]\nname = \"us\"\ncount = 29988\n" + kExpect,
                              {{"scenario.duration", "1ms"}, {"scenario.identity", "unbound"}});
  ASSERT_TRUE(scenario);
  const RunResult result = run_scenario(*scenario, 1, {});
  EXPECT_EQ(result.nodes, 30'000U);
  EXPECT_NEAR(static_cast<double>(result.watched), 10'000, 400);
}

}  // namespace
}  // namespace macula::sim
