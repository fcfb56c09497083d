// The close-up of a run tells what happened in it.
#include "sim/study/close_up.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <string>

#include "sim/macula/kit.h"
#include "sim/run/run.h"
#include "sim/study/story_teller.h"
#include "sim/study/why.h"
#include "tests/sim/scenario_text.h"

namespace macula::sim {
namespace {

const std::string kNear =
    "[scenario]\nschema = 1\nname = \"near\"\nduration = \"5min\"\ntables = \"ideal\"\n"
    "[protocol]\nk = 3\nmaintenance = false\n[latency]\ndefault = \"10ms\"\n";
const std::string kSteps =
    "[[at]]\nt = \"10s\"\nlabel = \"write\"\n"
    "store = { by = \"eu#0\", key = \"a\", value = \"1\" }\n"
    "[[at]]\nt = \"1min\"\npartition = { between = [\"eu\", \"us\"] }\n"
    "[[at]]\nt = \"70s\"\nevery = \"5s\"\nuntil = \"110s\"\nlabel = \"read\"\n"
    "find = { by = \"any(eu + us)\", key = \"a\", local = false }\n"
    "[[at]]\nt = \"2min\"\nheal = \"all\"\n"
    "[[at]]\nt = \"130s\"\nlabel = \"nothing\"\nfind = { by = \"us#3\", key = \"b\" }\n";

// Half of them are eu, half us.
std::string text_of(std::size_t nodes, const std::string& steps = kSteps) {
  const std::string half = "count = " + std::to_string(nodes / 2) + "\n";
  return kNear + "[[group]]\nname = \"eu\"\n" + half + "[[group]]\nname = \"us\"\n" + half + steps +
         kExpect;
}

Scenario scenario_of(const std::string& text) {
  auto scenario = parse(text);
  if (!scenario) throw std::runtime_error(errors(text));
  return std::move(*scenario);
}

RunResult run(const Scenario& scenario, std::uint64_t seed = 3) {
  return run_scenario(scenario, seed, {});
}

CloseUp near(const Scenario& scenario, std::uint64_t seed = 3) {
  auto close_up = take_close_up(macula_kit(), scenario, run(scenario, seed), [] { return false; });
  if (!close_up) throw std::runtime_error(close_up.error());
  return std::move(*close_up);
}

TEST(CloseUp, LooksBeforeEachFaultAndAtTheEnd) {
  const CloseUp close_up = near(scenario_of(text_of(40)));
  ASSERT_EQ(close_up.snapshots.size(), 3u);
  EXPECT_EQ(close_up.snapshots[0].at, kTimeZero + std::chrono::minutes(1) - Duration{1});
  EXPECT_EQ(close_up.snapshots[1].at, kTimeZero + std::chrono::minutes(2) - Duration{1});
  EXPECT_EQ(close_up.snapshots[2].at, kTimeZero + std::chrono::minutes(5));
  const Scenario quiet = scenario_of(text_of(6, ""));
  EXPECT_EQ(instants_of(quiet), (std::vector<Time>{kTimeZero + std::chrono::seconds(150),
                                                   kTimeZero + std::chrono::minutes(5)}));
}

// A node's side of a cut is that of the nodes that it can reach.
TEST(CloseUp, TheRingKnowsTheSidesOfACut) {
  const CloseUp close_up = near(scenario_of(text_of(40)));
  for (const RingNode& node : close_up.snapshots[0].ring) EXPECT_EQ(node.side, 0u);
  const auto& ring = close_up.snapshots[1].ring;
  ASSERT_EQ(ring.size(), 40u);
  for (const RingNode& node : ring) {
    const bool with_first = node.name.substr(0, 2) == ring[0].name.substr(0, 2);
    EXPECT_EQ(node.side, with_first ? 0u : 1u) << node.name;
  }
}

// Bins are as large as their limits; nothing is lost in them.
TEST(CloseUp, ManyNodesHaveNoMoreBinsThanTheLimit) {
  for (const std::size_t nodes : {40u, 500u}) {
    const CloseUp close_up = near(scenario_of(text_of(nodes)));
    const IdSnapshot& snapshot = close_up.snapshots.back();
    EXPECT_EQ(snapshot.nodes, nodes);
    EXPECT_EQ(snapshot.bins.size(), std::min(nodes, IdSnapshot::kBins));
    EXPECT_EQ(snapshot.ring.size(), std::min(nodes, IdSnapshot::kRing));
    std::vector<std::uint64_t> rows(snapshot.bins.size());
    std::vector<std::uint64_t> columns(snapshot.bins.size());
    for (const IdCell& cell : snapshot.cells) {
      rows[cell.row] += cell.contacts;
      columns[cell.column] += cell.contacts;
    }
    std::size_t in_bins = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      EXPECT_EQ(rows[i], snapshot.bins[i].contacts);
      EXPECT_EQ(columns[i], snapshot.bins[i].known);
      in_bins += snapshot.bins[i].nodes;
    }
    EXPECT_EQ(in_bins, nodes);
    EXPECT_TRUE(
        std::is_sorted(snapshot.ring.begin(), snapshot.ring.end(),
                       [](const RingNode& a, const RingNode& b) { return a.place < b.place; }));
    for (const RingNode& node : snapshot.ring) {
      EXPECT_LE(node.known.size(), node.contacts);
      if (nodes <= IdSnapshot::kRing) {
        EXPECT_EQ(node.known.size(), node.contacts);
      }
    }
  }
}

// The story is that which `why` tells of the same operation.
TEST(CloseUp, ALookupHasTheStoryThatWhyTells) {
  const Scenario scenario = scenario_of(text_of(40));
  const CloseUp close_up = near(scenario);
  EXPECT_GT(close_up.lookups_failed, 0u);
  ASSERT_FALSE(close_up.lookups.empty());
  for (const CloseLookup& lookup : close_up.lookups) {
    WhyQuestion question;
    question.label = lookup.story.operation.label;
    question.nth = lookup.nth;
    question.seed = 3;
    const auto story = ask_why(macula_kit(), scenario, question);
    ASSERT_TRUE(story) << story.error();
    EXPECT_EQ(told(*story), told(lookup.story));
  }
}

TEST(CloseUp, FiguresOfNodesAreThoseOfTheRun) {
  const Scenario scenario = scenario_of(text_of(40));
  const RunResult result = run(scenario);
  NodeCounts counts;
  RunOptions options;
  options.counts = &counts;
  const RunResult counted = run_scenario(scenario, 3, options);
  EXPECT_EQ(counted.digest, result.digest);
  std::uint64_t handled = 0;
  for (NodeNumber node = 0; node < 40; ++node) handled += counts.of(node).handled;
  EXPECT_EQ(handled, result.messages);
  for (const NodeFigure& figure : near(scenario).figures) {
    EXPECT_EQ(figure.nodes, 40u) << figure.name;
    EXPECT_LE(figure.outstanding.size(), NodeFigure::kNodes);
    if (figure.name == "values held at the end") {
      EXPECT_EQ(figure.greatest, 1);
    }
    if (figure.name == "contacts at the end") {
      EXPECT_GT(figure.median, 3);
    }
  }
}

TEST(CloseUp, ANodeThatAloneAsksStandsOut) {
  const std::string steps =
      "[[at]]\nt = \"10s\"\nevery = \"1s\"\nuntil = \"4min\"\nlabel = \"read\"\n"
      "find = { by = \"eu#7\", key = \"a\", local = false }\n";
  const CloseUp close_up = near(scenario_of(text_of(40, steps)));
  const NodeFigure& handled = close_up.figures.front();
  ASSERT_EQ(handled.name, "messages handled");
  ASSERT_FALSE(handled.outstanding.empty());
  EXPECT_EQ(handled.outstanding.front().name, "eu#7");
  EXPECT_GT(handled.outstanding.front().score, 3.5);
}

TEST(CloseUp, ARunThatGoesAnotherWayIsRefused) {
  const Scenario scenario = scenario_of(text_of(40));
  RunResult before = run(scenario);
  ++before.digest;
  const auto close_up = take_close_up(macula_kit(), scenario, before, [] { return false; });
  ASSERT_FALSE(close_up);
  EXPECT_NE(close_up.error().find("another way"), std::string::npos) << close_up.error();
}

TEST(CloseUp, ItCanBeStopped) {
  const Scenario scenario = scenario_of(text_of(40));
  const auto close_up = take_close_up(macula_kit(), scenario, run(scenario), [] { return true; });
  ASSERT_FALSE(close_up);
  EXPECT_EQ(close_up.error(), "interrupted");
}

}  // namespace
}  // namespace macula::sim
