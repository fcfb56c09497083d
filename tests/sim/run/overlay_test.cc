// The overlay of a run, and the metrics that read it.
#include "sim/run/overlay.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "analysis/graph/components.h"
#include "examples/gossip/kit.h"
#include "sim/file/parse.h"
#include "sim/macula/kit.h"
#include "sim/run/run.h"

namespace macula::sim {
namespace {

// Three know one another in a ring, two are by themselves.
const std::string kKnownNodes = R"toml(
[scenario]
schema = 1
name = "known"
duration = "1h"
record = true
[[node]]
name = "a"
knows = ["b"]
[[node]]
name = "b"
knows = ["c"]
[[node]]
name = "c"
knows = ["a"]
[[node]]
name = "d"
knows = ["e"]
[[node]]
name = "e"
[[at]]
t = "30min"
may_miss = true
crash = "b"
)toml";

std::string expect(const std::string& metric, const std::string& bound,
                   const std::string& when = "at = \"0s\"") {
  return "[[expect]]\nname = \"n\"\nmetric = \"" + metric + "\"\n" + bound + "\n" + when + "\n";
}

Scenario scenario_of(const Kit& kit, const std::string& text) {
  auto scenario = parse_scenario_text(kit, text, "test.toml");
  if (!scenario) throw std::runtime_error(format(scenario.error()));
  return std::move(*scenario);
}

void expect_passed(const RunResult& result) {
  for (const ExpectationResult& one : result.expectations) {
    EXPECT_TRUE(one.passed) << one.metric << ": " << one.measured.value_or(-1);
  }
}

void look(const Scenario& scenario, Duration at, const std::function<void(World&)>& see) {
  bool seen = false;
  RunOptions options;
  options.look = Look{at, [&](World& world) {
                        see(world);
                        seen = true;
                      }};
  EXPECT_EQ(run_scenario(scenario, 1, options).crash, "");
  EXPECT_TRUE(seen);
}

TEST(Overlay, MetricsTellHowItHangsTogether) {
  const Scenario scenario =
      scenario_of(macula_kit(), kKnownNodes + expect("overlay.components", "equals = 2") +
                                    expect("overlay.strong_components", "equals = 3") +
                                    expect("overlay.largest", "equals = \"60%\"") +
                                    expect("overlay.in_degree.max", "equals = 1") +
                                    expect("overlay.in_degree.min", "equals = 0") +
                                    expect("overlay.in_degree(a + d).mean", "equals = 0.5") +
                                    expect("overlay.in_degree.count", "equals = 5") +
                                    expect("overlay.out_degree(e).max", "equals = 0") +
                                    expect("overlay.diameter", "equals = 2") +
                                    expect("overlay.path_length", "near = 1.4286\ngate = 0.0001") +
                                    expect("overlay.articulation_points", "equals = 0") +
                                    expect("overlay.bridges", "equals = 1") +
                                    expect("overlay.clustering", "equals = \"60%\""));
  expect_passed(run_scenario(scenario, 1, {}));
}

TEST(Overlay, IsThatOfTheNodesThatAreUp) {
  const std::string later = "at = \"30min\"";
  // The ping that would find b dead is still to come.
  const Scenario scenario = scenario_of(
      macula_kit(), kKnownNodes + expect("overlay.in_degree.count", "equals = 4", later) +
                        expect("overlay.in_degree(b).count", "equals = 0", later));
  expect_passed(run_scenario(scenario, 1, {}));
  look(scenario, std::chrono::minutes(30), [](World& world) {
    const auto overlay = overlay_of(world);
    ASSERT_TRUE(overlay);
    EXPECT_EQ(overlay->nodes, (std::vector<NodeNumber>{0, 2, 3, 4}));
    EXPECT_EQ(overlay->up, (std::vector<bool>{true, false, true, true, true}));
    EXPECT_EQ(overlay->all.out_degree(1), 0u);
    EXPECT_EQ(overlay->live.nodes(), 4u);
    EXPECT_EQ(weak_components(overlay->live).count, 2u);
  });
}

// Where there is nothing to measure, an expectation fails.
TEST(Overlay, OfNobodyHasNoFigures) {
  const std::string crash = "[[at]]\nt = \"40min\"\ncrash = \"all\"\n";
  for (const auto& [metric, bound] :
       std::vector<std::pair<std::string, std::string>>{{"overlay.components", "at_least = 0"},
                                                        {"overlay.largest", "at_least = \"0%\""},
                                                        {"overlay.in_degree.p50", "at_least = 0"},
                                                        {"overlay.path_length", "at_least = 0"}}) {
    const Scenario scenario =
        scenario_of(macula_kit(), kKnownNodes + crash + expect(metric, bound, "at = \"41min\""));
    const RunResult result = run_scenario(scenario, 1, {});
    EXPECT_FALSE(result.expectations.front().passed) << metric;
    EXPECT_FALSE(result.expectations.front().measured) << metric;
  }
}

TEST(Overlay, LookingIsNoEvent) {
  const RunResult plain = run_scenario(scenario_of(macula_kit(), kKnownNodes), 1, {});
  const Scenario watched = scenario_of(
      macula_kit(), kKnownNodes + expect("overlay.diameter", "at_least = 1", "always = true") +
                        expect("overlay.in_degree.p50", "at_least = 0", "always = true"));
  RunOptions options;
  options.look = Look{std::chrono::minutes(10), [](World& world) { (void)overlay_of(world); }};
  const RunResult result = run_scenario(watched, 1, options);
  EXPECT_EQ(result.digest, plain.digest);
  EXPECT_EQ(result.events, plain.events);
}

TEST(Overlay, ALookSeesTheFirstAndTheLastInstant) {
  const Scenario scenario = scenario_of(macula_kit(), kKnownNodes);
  for (const Duration at : {Duration{0}, scenario.duration}) {
    look(scenario, at, [&](World& world) { EXPECT_EQ(world.network().now(), kTimeZero + at); });
  }
}

// Which nodes are taken does not depend on how many there are.
TEST(Overlay, WhoIsDrawnDependsOnNamesAlone) {
  std::vector<std::string> names;
  for (const char* more : {"", "[[group]]\nname = \"more\"\ncount = 5\n"}) {
    const Scenario scenario = scenario_of(macula_kit(), more + kKnownNodes);
    look(scenario, Duration{0}, [&](World& world) {
      const auto overlay = overlay_of(world);
      ASSERT_TRUE(overlay);
      std::string order;
      for (const Graph::Node node : drawn_nodes(world, *overlay)) {
        const std::string& name = world.name(overlay->nodes[node]);
        if (name.size() == 1) order += name;
      }
      names.push_back(order);
    });
  }
  EXPECT_EQ(names[0].size(), 5u);
  EXPECT_EQ(names[0], names[1]);
}

const std::string kGossip =
    "[scenario]\nschema = 1\nname = \"gossip\"\nduration = \"10s\"\nrecord = true\n"
    "[[group]]\nname = \"n\"\ncount = 8\n";

TEST(Overlay, IsThereForAnyKitThatTellsOfContacts) {
  const Scenario scenario =
      scenario_of(gossip::gossip_kit(), kGossip + expect("overlay.components", "equals = 1") +
                                            expect("overlay.in_degree.min", "equals = 7") +
                                            expect("overlay.clustering", "equals = \"100%\""));
  expect_passed(run_scenario(scenario, 1, {}));
}

// A community that says nothing of contacts.
class Silent final : public Community {
 public:
  explicit Silent(std::unique_ptr<Community> nodes) : nodes_(std::move(nodes)) {}
  Network& network() override { return nodes_->network(); }
  void start(NodeNumber node, bool keep_state) override { nodes_->start(node, keep_state); }
  void watch(World& world, const Watchers& watchers) override { nodes_->watch(world, watchers); }

 private:
  std::unique_ptr<Community> nodes_;
};

std::unique_ptr<Community> make_silent(const Setup& setup) {
  return std::make_unique<Silent>(gossip::gossip_kit().make_community(setup));
}

TEST(Overlay, WithoutContactsThereIsNone) {
  Kit kit = gossip::gossip_kit();
  kit.invariants.clear();
  std::erase_if(kit.metrics, [](const MetricInfo& info) { return info.name == "known"; });
  kit.make_community = make_silent;
  const Scenario scenario =
      scenario_of(kit, kGossip + expect("overlay.components", "at_least = 0"));
  look(scenario, Duration{0}, [](World& world) { EXPECT_FALSE(overlay_of(world)); });
  EXPECT_FALSE(run_scenario(scenario, 1, {}).expectations.front().passed);
}

}  // namespace
}  // namespace macula::sim
