#include "analysis/graph/paths.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <numeric>
#include <span>

namespace macula {
namespace {

constexpr std::size_t kWords = 8;
constexpr std::size_t kWordBits = 64;
constexpr std::size_t kAtATime = kWords * kWordBits;

// Which of the targets a node reaches, a bit each.
using Bits = std::array<std::uint64_t, kWords>;

std::uint64_t count(const Bits& bits) {
  std::uint64_t sum = 0;
  for (const std::uint64_t word : bits) sum += static_cast<std::uint64_t>(std::popcount(word));
  return sum;
}

// The search for a few targets: level by level, those that a node reaches in so many steps.
class Search {
 public:
  Search(const Graph& graph, std::span<const Graph::Node> to)
      : graph_(graph), seen_(graph.nodes()), last_(graph.nodes()), next_(graph.nodes()) {
    for (std::size_t i = 0; i < to.size(); ++i) {
      const std::uint64_t bit = std::uint64_t{1} << (i % kWordBits);
      seen_[to[i]][i / kWordBits] |= bit;
      all_[i / kWordBits] |= bit;
    }
    last_ = seen_;
  }

  void add_to(Paths& paths) {
    for (std::uint32_t steps = 1;; ++steps) {
      const std::uint64_t found = step();
      if (found == 0) return;
      paths.reached += found;
      paths.steps += found * steps;
      paths.longest = std::max(paths.longest, steps);
    }
  }

 private:
  // How many pairs are so many steps apart.
  std::uint64_t step() {
    std::uint64_t found = 0;
    for (std::size_t node = 0; node < graph_.nodes(); ++node) {
      Bits news{};
      Bits& seen = seen_[node];
      if (seen != all_) {
        for (const Graph::Node target : graph_.targets(node)) {
          for (std::size_t i = 0; i < kWords; ++i) news[i] |= last_[target][i];
        }
        for (std::size_t i = 0; i < kWords; ++i) {
          news[i] &= ~seen[i];
          seen[i] |= news[i];
        }
        found += count(news);
      }
      next_[node] = news;
    }
    last_.swap(next_);
    return found;
  }

  const Graph& graph_;
  Bits all_{};
  std::vector<Bits> seen_;  // in any number of steps
  std::vector<Bits> last_;  // in exactly as many as were taken
  std::vector<Bits> next_;
};

}  // namespace

std::vector<Graph::Node> all_nodes(const Graph& graph) {
  std::vector<Graph::Node> nodes(graph.nodes());
  std::iota(nodes.begin(), nodes.end(), Graph::Node{0});
  return nodes;
}

Paths paths_of(const Graph& graph, const std::vector<Graph::Node>& to) {
  Paths paths;
  if (graph.nodes() == 0) return paths;
  paths.pairs = std::uint64_t{graph.nodes() - 1} * to.size();
  for (std::size_t first = 0; first < to.size(); first += kAtATime) {
    const std::size_t some = std::min(kAtATime, to.size() - first);
    Search(graph, std::span(to).subspan(first, some)).add_to(paths);
  }
  return paths;
}

}  // namespace macula
