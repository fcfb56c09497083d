#include "analysis/graph/graph.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/analysis/graph/graphs.h"

namespace macula {
namespace {

std::vector<Graph::Node> targets(const Graph& graph, std::size_t node) {
  const auto all = graph.targets(node);
  return {all.begin(), all.end()};
}

TEST(Graph, HasNoLoopsAndNoEdgeTwice) {
  const Graph graph = graph_of({{2, 0, 1, 2, 1}, {}, {2}});
  EXPECT_EQ(graph.nodes(), 3u);
  EXPECT_EQ(graph.edges(), 2u);
  EXPECT_EQ(targets(graph, 0), (std::vector<Graph::Node>{1, 2}));
  EXPECT_EQ(in_degrees(graph), (std::vector<std::uint32_t>{0, 1, 1}));
}

TEST(Graph, UndirectedHasEachEdgeBothWaysOnce) {
  const Graph both = undirected(graph_of({{1, 2}, {0}, {}, {}}));
  EXPECT_EQ(targets(both, 0), (std::vector<Graph::Node>{1, 2}));
  EXPECT_EQ(targets(both, 1), (std::vector<Graph::Node>{0}));
  EXPECT_EQ(targets(both, 2), (std::vector<Graph::Node>{0}));
  EXPECT_EQ(both.out_degree(3), 0u);
}

TEST(Graph, APartIsNumberedAnew) {
  const Graph part = part_of(graph_of({{1, 2, 3}, {0, 3}, {3}, {0, 1}}), {true, false, true, true});
  EXPECT_EQ(part.nodes(), 3u);
  EXPECT_EQ(targets(part, 0), (std::vector<Graph::Node>{1, 2}));
  EXPECT_EQ(targets(part, 1), (std::vector<Graph::Node>{2}));
  EXPECT_EQ(targets(part, 2), (std::vector<Graph::Node>{0}));
}

}  // namespace
}  // namespace macula
