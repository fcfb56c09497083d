// The runs of a store by what they are of: a scenario under one setting, with its seeds.
//
//   Groups groups;
//   auto contents = read_store("results", [&](const StoredRun& run) { groups.see(run); });
//   for (const Group& group : std::move(groups).finish(*contents)) ...
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "sim/report/pictures.h"
#include "sim/study/close_up.h"
#include "sim/study/store_contents.h"

namespace macula::sim {

struct Group {
  std::string scenario;
  std::string world;
  std::string profile;
  std::uint64_t hash = 0;
  // As the command that ran it named them; the file is empty where the store does not say.
  std::string file;
  Overrides overrides;
  std::vector<RunResult> runs;  // in order of seeds, at least one
  Pictures pictures;            // of all of them
  // The close-up of the run that tells most; or why there is none, in words for a person.
  std::optional<CloseUp> close_up{};
  std::string no_close_up{};
};

class Groups {
 public:
  void see(const StoredRun& run);
  // In the order in which they were asked for; those that nobody asked for come last.
  [[nodiscard]] std::vector<Group> finish(StoreContents contents) &&;

 private:
  using Key = std::tuple<std::string, std::string, std::uint64_t>;
  [[nodiscard]] static Key key_of(const RunResult& run) {
    return {run.scenario, run.world, run.hash};
  }

  std::map<Key, Pictures> pictures_;
};

[[nodiscard]] bool failed(const RunResult& run);

// Why a run failed, in a sentence; empty: it passed.
[[nodiscard]] std::string why_of(const RunResult& run);

// The command that repeats it; empty where the store does not say what ran it.
[[nodiscard]] std::string replay_of(const Group& group, const RunResult& run);

// The first run that failed, of all else the first.
[[nodiscard]] const RunResult& most_telling(const Group& group);

}  // namespace macula::sim
