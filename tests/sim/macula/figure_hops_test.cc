// Hops against published measurements (ProbeLab, RFM 19.1): 25 000 random ids, tables as full
// knowledge fills them. Each hop takes the 10 closest known, merges what all their tables know, and
// takes the 10 closest again, until one of them is among the 20 closest of all.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "dht/contact/contact_book.h"
#include "dht/table/routing_table.h"
#include "sim/engine/random.h"
#include "sim/macula/directory.h"

namespace macula::sim {
namespace {

constexpr std::size_t kSearchedNodes = 25'000;
constexpr std::size_t kCandidates = 10;
constexpr std::size_t kGoal = 20;
constexpr int kLookups = 5 * 10'000;

dht::NodeId random_id(RandomStream& random) {
  dht::NodeId id;
  for (auto& word : id.words) word = random.next();
  return id;
}

class HopsPopulation {
 public:
  explicit HopsPopulation(std::size_t k) : random_(19) {
    for (std::size_t i = 0; i < kSearchedNodes; ++i) {
      const auto address = static_cast<std::uint32_t>(0x0b000001 + i);
      contacts_.push_back(
          *book_.intern({random_id(random_), dht::make_ipv4(address, 9443), std::nullopt}));
    }
    directory_ = std::make_unique<Directory>(book_, contacts_);
    for (const dht::ContactRef contact : contacts_) {
      tables_.emplace_back(book_, book_.id(contact), k);
      directory_->fill(tables_.back(), book_.id(contact), k, random_.next());
    }
  }

  double mean_hops() {
    std::int64_t hops = 0;
    for (int i = 0; i < kLookups; ++i) {
      hops += lookup(static_cast<std::size_t>(random_.below(kSearchedNodes)), random_id(random_));
    }
    return static_cast<double>(hops) / kLookups;
  }

 private:
  // The handles of contacts are their nodes' numbers: they were interned in that order.
  int lookup(std::size_t searcher, const dht::NodeId& target) {
    const auto goal = directory_->closest(target, kGoal, [](NodeNumber) { return true; });
    std::vector<dht::ContactRef> best;
    add(searcher, target, best);
    for (int hops = 1;; ++hops) {
      keep_closest(target, best);
      for (const dht::ContactRef ref : best) {
        if (std::find(goal.begin(), goal.end(), static_cast<NodeNumber>(ref)) != goal.end()) {
          return hops;
        }
      }
      const std::vector<dht::ContactRef> asked = best;
      for (const dht::ContactRef ref : asked) add(static_cast<std::size_t>(ref), target, best);
    }
  }

  // Only a table's own closest can be among the closest of several.
  void add(std::size_t node, const dht::NodeId& target, std::vector<dht::ContactRef>& best) {
    tables_[node].closest(target, kCandidates, [&](dht::ContactRef ref) { best.push_back(ref); });
  }

  void keep_closest(const dht::NodeId& target, std::vector<dht::ContactRef>& best) {
    std::sort(best.begin(), best.end(),
              [&](dht::ContactRef a, dht::ContactRef b) { return book_.closer(a, b, target); });
    best.erase(std::unique(best.begin(), best.end()), best.end());
    if (best.size() > kCandidates) best.resize(kCandidates);
  }

  RandomStream random_;
  dht::ContactBook book_;
  std::vector<dht::ContactRef> contacts_;
  std::unique_ptr<Directory> directory_;
  std::vector<dht::RoutingTable> tables_;
};

struct Published {
  std::size_t k;
  double hops;
};

class FigureHops : public testing::TestWithParam<Published> {};

TEST_P(FigureHops, AreThoseOfThePublishedMeasurement) {
  constexpr double kGate = 0.015;
  const Published& published = GetParam();
  const double measured = HopsPopulation(published.k).mean_hops();
  // For docs/validation.md.
  RecordProperty("hops_k", std::to_string(published.k));
  RecordProperty("hops_expected", std::to_string(published.hops));
  RecordProperty("hops_measured", std::to_string(measured));
  RecordProperty("hops_gate", std::to_string(kGate));
  EXPECT_NEAR(measured, published.hops, kGate);
}

INSTANTIATE_TEST_SUITE_P(Rfm19, FigureHops,
                         testing::Values(Published{10, 2.165}, Published{20, 1.926},
                                         Published{50, 1.806}, Published{100, 1.692}),
                         [](const auto& info) { return "k" + std::to_string(info.param.k); });

}  // namespace
}  // namespace macula::sim
