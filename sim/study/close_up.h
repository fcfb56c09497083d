// One run from nearby: single lookups, routing tables at some instants, nodes that stand out. None
// of it is in the result of a run, where it would cost all of them: the run is made again, which
// goes as it went before.
//
//   auto near = take_close_up(kit, scenario, result, stop);
//   for (const CloseLookup& lookup : near->lookups) lookup.story.ok();
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "base/time.h"
#include "sim/scenario/result.h"
#include "sim/scenario/scenario.h"
#include "sim/study/id_snapshot.h"
#include "sim/study/outstanding.h"
#include "sim/study/story.h"

namespace macula::sim {

struct CloseLookup {
  std::string chosen_as;  // "failed", "slow", "drawn": sim/study/lookup_choice.h
  std::uint64_t nth = 0;  // of its label
  Story story;
};

struct CloseUp {
  // Instants at which the tables are looked at: the end, and so many before it.
  static constexpr std::size_t kInstants = 5;

  std::vector<CloseLookup> lookups;
  std::uint64_t lookups_ended = 0;  // of all of the run, and those of them that failed
  std::uint64_t lookups_failed = 0;
  std::vector<IdSnapshot> snapshots;  // none where nodes have no ids
  std::vector<NodeFigure> figures;    // none of a run that broke off
};

// Just before each fault and change of churn, those first that come first; where there is neither,
// at half of the run; and at its end. In order, each once.
[[nodiscard]] std::vector<Time> instants_of(const Scenario& scenario);

// Makes the run again, in the virtual world, twice where it has lookups. `stop`: asked often; true:
// ends it. The error, for a person: it goes another way now, or was stopped.
[[nodiscard]] tl::expected<CloseUp, std::string> take_close_up(const Kit& kit,
                                                               const Scenario& scenario,
                                                               const RunResult& before,
                                                               const std::function<bool()>& stop);

}  // namespace macula::sim
