#include "sim/report/close_ups.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/file/parse.h"
#include "sim/study/quantity.h"

namespace macula::sim {
namespace {

using Error = tl::unexpected<std::string>;

tl::expected<CloseUp, std::string> close_up_of(const Kit& kit, const Group& group,
                                               std::uint64_t& events,
                                               const std::function<bool()>& stop) {
  const RunResult& run = most_telling(group);
  if (events == 0) return Error("no run was to be made again (--rerun 0)");
  if (group.world != "virtual") return Error("that is done in the world virtual only");
  if (group.file.empty()) return Error("the store does not say which file was run");
  if (run.events > events) {
    return Error(fmt::format("the run has {}; --rerun {} allows for them",
                             counted(run.events, "event"), run.events));
  }
  // Its error is not told: the store may name a file that is none of its reader's.
  const auto scenario = parse_scenario(kit, group.file, group.overrides);
  if (!scenario) return Error(group.file + " is not here, or is no scenario");
  if (scenario->hash != group.hash) return Error(group.file + " is another scenario now");
  events -= run.events;
  return take_close_up(kit, *scenario, run, stop);
}

}  // namespace

void add_close_ups(const Kit& kit, std::vector<ReportedStore>& stores, std::uint64_t events,
                   const std::function<bool()>& stop) {
  std::vector<Group*> groups;
  for (ReportedStore& store : stores) {
    for (Group& group : store.groups) groups.push_back(&group);
  }
  std::stable_sort(groups.begin(), groups.end(), [](const Group* a, const Group* b) {
    return failed(most_telling(*a)) && !failed(most_telling(*b));
  });
  std::size_t left = kCloseUps;
  for (Group* group : groups) {
    if (left == 0) {
      group->no_close_up =
          fmt::format("only the first {} scenarios are, those that failed first", kCloseUps);
      continue;
    }
    auto close_up = close_up_of(kit, *group, events, stop);
    if (close_up) {
      group->close_up = std::move(*close_up);
      --left;
    } else {
      group->no_close_up = close_up.error();
    }
  }
}

}  // namespace macula::sim
