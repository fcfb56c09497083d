// Which operations of a run are shown one by one: the first that failed, those that took longest,
// and a few drawn of all others. These are operations that name something near to which nodes are,
// such as a key.
//
//   LookupChoice choice(kit, seed);
//   choice.take(line);              // each line of a trace of kind begun or ended
//   for (const ChosenLookup& each : choice.chosen()) ...
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <vector>

#include "sim/scenario/kit.h"
#include "sim/study/story.h"

namespace macula::sim {

// Why it was chosen, for a page: "failed", "slow", "drawn".
struct ChosenLookup {
  std::string chosen_as;
  std::uint64_t nth = 0;  // of those with its label, in the order of their beginning
  StoryOperation operation;
};

class LookupChoice {
 public:
  // So many of each of the three.
  static constexpr std::size_t kEach = 8;
  static constexpr std::size_t kMost = 3 * kEach;

  LookupChoice(const Kit& kit, std::uint64_t seed) : kit_(&kit), seed_(seed) {}

  void take(const nlohmann::json& line);
  // In the order of their beginning; each is there once.
  [[nodiscard]] std::vector<ChosenLookup> chosen() const;

  // How many of all ended, and how many of these failed.
  [[nodiscard]] std::uint64_t ended() const { return ended_; }
  [[nodiscard]] std::uint64_t failed() const { return failed_count_; }

 private:
  // By rank, the first ones; the rank is never that of another.
  using Ranked = std::map<std::pair<std::uint64_t, std::string>, ChosenLookup>;
  static void keep(std::uint64_t rank, const char* as, const ChosenLookup& lookup, Ranked& best);

  const Kit* kit_;
  std::uint64_t seed_;
  std::map<std::string, ChosenLookup> under_way_;  // by operation
  std::map<std::string, std::uint64_t> begun_;     // by label
  std::uint64_t ended_ = 0;
  std::uint64_t failed_count_ = 0;
  Ranked failed_;
  Ranked slow_;
  Ranked drawn_;
};

}  // namespace macula::sim
