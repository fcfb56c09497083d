// Figures of graphs that are known in closed form; tests/tools/overlays.py holds those of random
// ones against another library.
#include "analysis/graph/figures.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/analysis/graph/graphs.h"

namespace macula {
namespace {

GraphFigures figures(const Graph& graph, std::vector<std::string> regions = {}) {
  regions.resize(graph.nodes());
  return figures_of(graph, all_nodes(graph), regions);
}

TEST(Figures, OfARing) {
  // More nodes than are searched for at a time.
  const GraphFigures of = figures(ring(1300));
  EXPECT_EQ(of.weak.count, 1u);
  EXPECT_EQ(of.strong.count, 1u);
  EXPECT_EQ(of.strong.largest, 1300u);
  EXPECT_EQ(of.paths.longest, 1299u);
  EXPECT_EQ(of.paths.pairs, 1300u * 1299u);
  EXPECT_EQ(of.paths.reached, of.paths.pairs);
  EXPECT_DOUBLE_EQ(of.paths.mean(), 650);
  EXPECT_TRUE(of.cuts.articulation_points.empty());
  EXPECT_TRUE(of.cuts.bridges.empty());
  EXPECT_DOUBLE_EQ(of.clustering.mean, 0);
  EXPECT_EQ(of.in_degrees.min, 1u);
  EXPECT_EQ(of.in_degrees.max, 1u);
  const Graph both = undirected(ring(1300));
  EXPECT_EQ(paths_of(both, all_nodes(both)).longest, 650u);
}

TEST(Figures, OfALine) {
  const GraphFigures of = figures(line(5));
  EXPECT_EQ(of.paths.longest, 4u);
  EXPECT_DOUBLE_EQ(of.paths.mean(), 2);
  EXPECT_EQ(of.cuts.articulation_points, (std::vector<Graph::Node>{1, 2, 3}));
  EXPECT_EQ(of.cuts.bridges.size(), 4u);
  EXPECT_EQ(of.cuts.bridges.front(), (std::pair<Graph::Node, Graph::Node>{0, 1}));
  EXPECT_EQ(of.cuts.bridges.back(), (std::pair<Graph::Node, Graph::Node>{3, 4}));
}

// Nothing goes as deep as a graph is long.
TEST(Figures, OfAVeryLongLine) {
  const Graph graph = line(300'000);
  EXPECT_EQ(strong_components(graph).count, 1u);
  EXPECT_EQ(weak_components(graph).count, 1u);
  EXPECT_EQ(cuts_of(graph).bridges.size(), 299'999u);
}

TEST(Figures, OfAStar) {
  const GraphFigures of = figures(star(101));
  EXPECT_EQ(of.paths.longest, 2u);
  EXPECT_DOUBLE_EQ(of.paths.mean(), (2 * 100 * 1 + 100 * 99 * 2) / (101.0 * 100));
  EXPECT_EQ(of.cuts.articulation_points, (std::vector<Graph::Node>{0}));
  EXPECT_EQ(of.cuts.bridges.size(), 100u);
  EXPECT_EQ(of.in_degrees.most.front(), 0u);
  EXPECT_EQ(of.in_degrees.max, 100u);
  EXPECT_EQ(of.in_degrees.p99, 1u);
  EXPECT_EQ(of.in_degrees.p50, 1u);
  // The middle goes with the first of a hundred.
  EXPECT_EQ(of.removals.front().gone, 2u);
  EXPECT_EQ(of.removals.front().left.nodes, 99u);
  EXPECT_EQ(of.removals.front().left.count, 99u);
  EXPECT_DOUBLE_EQ(of.removals.front().left.share(), 1 / 99.0);
}

TEST(Figures, OfACompleteGraph) {
  const GraphFigures of = figures(complete(30));
  EXPECT_EQ(of.edges, 30u * 29);
  EXPECT_EQ(of.paths.longest, 1u);
  EXPECT_DOUBLE_EQ(of.paths.mean(), 1);
  EXPECT_DOUBLE_EQ(of.clustering.mean, 1);
  EXPECT_TRUE(of.cuts.articulation_points.empty());
  EXPECT_EQ(of.removals.back().gone, 3u);
  EXPECT_DOUBLE_EQ(of.removals.back().left.share(), 1);
}

TEST(Figures, OfTwoCliquesWithABridge) {
  constexpr std::uint32_t kNodes = 10;
  const GraphFigures of = figures(two_cliques(kNodes));
  EXPECT_EQ(of.weak.count, 1u);
  EXPECT_EQ(of.paths.longest, 3u);
  EXPECT_EQ(of.cuts.articulation_points, (std::vector<Graph::Node>{9, 10}));
  EXPECT_EQ(of.cuts.bridges, (std::vector<std::pair<Graph::Node, Graph::Node>>{{9, 10}}));
  // At the ends of the bridge, of kNodes neighbours all pairs but those with the other end.
  EXPECT_NEAR(of.clustering.mean, (18 + 2 * (kNodes - 2.0) / kNodes) / 20, 1e-12);
}

TEST(Figures, OfPartsThatKnowEachOtherOneWay) {
  const Graph graph = graph_of({{1}, {0, 2}, {3}, {2}, {}});
  const GraphFigures of = figures(graph);
  EXPECT_EQ(of.weak.count, 2u);
  EXPECT_EQ(of.weak.largest, 4u);
  EXPECT_EQ(of.strong.count, 3u);
  EXPECT_EQ(of.strong.largest, 2u);
  EXPECT_EQ(of.paths.pairs, 20u);
  EXPECT_EQ(of.paths.reached, 8u);  // two in each half, four from the first to the second
  EXPECT_EQ(of.paths.longest, 3u);
}

TEST(Figures, OfNobody) {
  const GraphFigures of = figures(Graph());
  EXPECT_EQ(of.nodes, 0u);
  EXPECT_EQ(of.weak.count, 0u);
  EXPECT_EQ(of.strong.count, 0u);
  EXPECT_EQ(of.paths.reached, 0u);
  EXPECT_TRUE(of.removals.empty());
  const GraphFigures alone = figures(graph_of({{}}));
  EXPECT_EQ(alone.weak.count, 1u);
  EXPECT_EQ(alone.paths.pairs, 0u);
  EXPECT_EQ(alone.removals.front().left.nodes, 0u);
}

TEST(Figures, RegionsGoTheLargestFirst) {
  const GraphFigures of = figures(two_cliques(3), {"eu", "eu", "mid", "mid", "mid", ""});
  ASSERT_EQ(of.removals.size(), 5u);
  EXPECT_EQ(of.removals[3].region, "mid");
  EXPECT_EQ(of.removals[3].gone, 3u);
  EXPECT_EQ(of.removals[3].left.count, 2u);
  EXPECT_EQ(of.removals[4].region, "eu");
  EXPECT_EQ(of.removals[4].left.count, 1u);
}

// Beyond kExactNodes paths to a part of the nodes are measured.
TEST(Figures, OfManyNodesASampleIsTaken) {
  const Graph graph = ring(10'001);
  const std::vector<Graph::Node> all = all_nodes(graph);
  EXPECT_EQ(path_targets(all).size(), 1'024u);
  const Graph small = ring(10'000);
  EXPECT_EQ(path_targets(all_nodes(small)).size(), 10'000u);
}

TEST(Clustering, StopsWhenItHasTakenItsSteps) {
  const Graph graph = complete(50);
  EXPECT_EQ(clustering_of(graph, all_nodes(graph), 0).nodes, 1u);
  EXPECT_EQ(clustering_of(graph, all_nodes(graph), 49 * 49 * 10).nodes, 11u);
  EXPECT_EQ(clustering_of(graph, all_nodes(graph)).nodes, 50u);
}

}  // namespace
}  // namespace macula
