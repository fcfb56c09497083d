#include "sim/report/group.h"

#include <algorithm>
#include <utility>

#include "sim/run/replay.h"
#include "sim/study/text.h"

namespace macula::sim {

void Groups::see(const StoredRun& run) {
  pictures_[key_of(run.result)].add(run.result);
}

std::vector<Group> Groups::finish(StoreContents contents) && {
  std::vector<Group> groups;
  std::map<Key, std::size_t> places;
  for (StoredRun& run : contents.runs) {
    const Key key = key_of(run.result);
    const auto [place, fresh] = places.emplace(key, groups.size());
    if (fresh) {
      const RunResult& first = run.result;
      groups.push_back({first.scenario,
                        first.world,
                        first.profile,
                        first.hash,
                        {},
                        {},
                        {},
                        std::move(pictures_[key])});
    }
    groups[place->second].runs.push_back(std::move(run.result));
  }
  std::map<Key, std::size_t> order;
  for (const Asked& asked : contents.asked) {
    for (const AskedRuns& runs : asked.runs) {
      const Key key{runs.scenario, runs.world, runs.scenario_hash};
      const bool fresh = order.emplace(key, order.size()).second;
      const auto place = places.find(key);
      if (!fresh || place == places.end()) continue;
      groups[place->second].file = runs.file;
      groups[place->second].overrides = runs.overrides;
    }
  }
  const auto rank = [&](const Group& group) {
    const auto found = order.find({group.scenario, group.world, group.hash});
    return found == order.end() ? order.size() : found->second;
  };
  std::stable_sort(groups.begin(), groups.end(),
                   [&](const Group& a, const Group& b) { return rank(a) < rank(b); });
  return groups;
}

bool failed(const RunResult& run) {
  return !run.passed;
}

std::string why_of(const RunResult& run) {
  if (!run.crash.empty()) return "crashed: " + run.crash.substr(0, run.crash.find('\n'));
  if (!run.violations.empty()) return violation_text(run.violations.front());
  // A run that was stopped is not at fault for what it had not done yet.
  if (!run.stopped.empty()) return "stopped: " + run.stopped;
  for (const ExpectationResult& expectation : run.expectations) {
    if (!expectation.passed) return expectation.name + ": " + finding_of(expectation);
  }
  if (!run.errors.empty()) return run.errors.front().text;
  return run.passed ? std::string() : "failed";
}

std::string replay_of(const Group& group, const RunResult& run) {
  if (group.file.empty()) return {};
  return replay_command(group.file, run.seed, group.world, group.overrides);
}

const RunResult& most_telling(const Group& group) {
  const auto found = std::find_if(group.runs.begin(), group.runs.end(), failed);
  return found == group.runs.end() ? group.runs.front() : *found;
}

}  // namespace macula::sim
