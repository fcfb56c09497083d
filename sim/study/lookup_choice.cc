#include "sim/study/lookup_choice.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>
#include <tuple>

#include "base/hash.h"
#include "sim/scenario/error_codes.h"
#include "sim/study/story_collector.h"

namespace macula::sim {

void LookupChoice::take(const nlohmann::json& line) {
  if (line.at("kind") == "begun") {
    const std::uint64_t nth = ++begun_[line.value("label", "")];
    if (line.contains("id")) under_way_[line.at("operation")] = {"", nth, read_begun(*kit_, line)};
    return;
  }
  if (line.at("kind") != "ended") return;
  const auto known = under_way_.find(line.at("operation"));
  if (known == under_way_.end()) return;
  ChosenLookup lookup = std::move(known->second);
  under_way_.erase(known);
  read_ended(line, lookup.operation);
  const StoryOperation& operation = lookup.operation;
  if (operation.outcome == kUnfinished) return;
  ++ended_;
  const auto took = static_cast<std::uint64_t>((operation.ended - operation.begun).count());
  if (operation.outcome != "ok") {
    keep(++failed_count_, "failed", lookup, failed_);
  } else if (took > 0) {
    // An operation that took no time has asked nobody.
    keep(std::numeric_limits<std::uint64_t>::max() - took, "slow", lookup, slow_);
    keep(hash_bytes(operation.name, seed_), "drawn", lookup, drawn_);
  }
}

void LookupChoice::keep(std::uint64_t rank, const char* as, const ChosenLookup& lookup,
                        Ranked& best) {
  const std::pair key(rank, lookup.operation.name);
  // Twice as many of those that are drawn as are wanted: some of them are among the slow ones.
  constexpr std::size_t kKept = 2 * kEach;
  if (best.size() == kKept && best.rbegin()->first < key) return;
  const auto [place, fresh] = best.emplace(key, lookup);
  place->second.chosen_as = as;
  if (best.size() > kKept) best.erase(std::prev(best.end()));
}

std::vector<ChosenLookup> LookupChoice::chosen() const {
  std::vector<ChosenLookup> chosen;
  for (const Ranked* best : {&failed_, &slow_, &drawn_}) {
    std::size_t left = kEach;
    for (const auto& ranked : *best) {
      const ChosenLookup& lookup = ranked.second;
      const bool there = std::any_of(chosen.begin(), chosen.end(), [&](const ChosenLookup& other) {
        return other.operation.name == lookup.operation.name;
      });
      if (there || left == 0) continue;
      chosen.push_back(lookup);
      --left;
    }
  }
  std::sort(chosen.begin(), chosen.end(), [](const ChosenLookup& a, const ChosenLookup& b) {
    return std::tie(a.operation.begun, a.operation.name) <
           std::tie(b.operation.begun, b.operation.name);
  });
  return chosen;
}

}  // namespace macula::sim
