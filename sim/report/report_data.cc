#include "sim/report/report_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "sim/report/close_up_page.h"
#include "sim/report/comparison_page.h"
#include "sim/report/group_page.h"
#include "sim/report/page_json.h"
#include "sim/report/sweep_page.h"
#include "sim/report/thinning.h"
#include "sim/study/quantity.h"
#include "sim/study/text.h"

namespace macula::sim {
namespace {

using Error = tl::unexpected<std::string>;

struct Counts {
  std::size_t runs = 0;
  std::size_t failed = 0;
  std::size_t violated = 0;
  std::size_t crashed = 0;
  std::size_t missing = 0;
};

Counts count(const std::vector<ReportedStore>& stores) {
  Counts counts;
  for (const ReportedStore& store : stores) {
    counts.missing += store.missing.size();
    for (const Group& group : store.groups) {
      counts.runs += group.runs.size();
      for (const RunResult& run : group.runs) {
        const std::string_view verdict = verdict_name(run);
        counts.failed += verdict == "fail" ? 1 : 0;
        counts.violated += verdict == "violated" ? 1 : 0;
        counts.crashed += verdict == "crash" ? 1 : 0;
      }
    }
  }
  return counts;
}

// The first group that failed; of all else the first.
const Group& most_telling(const std::vector<ReportedStore>& stores) {
  for (const ReportedStore& store : stores) {
    for (const Group& group : store.groups) {
      if (failed(most_telling(group))) return group;
    }
  }
  return stores.front().groups.front();
}

// The summary on the first screen.
PageJson summary_of(const std::vector<ReportedStore>& stores) {
  const Counts counts = count(stores);
  const Group& group = most_telling(stores);
  const RunResult& run = most_telling(group);
  const bool good = counts.failed + counts.violated + counts.crashed == 0;
  return {{"verdict", good ? (counts.missing == 0 ? "pass" : "missing") : verdict_name(run)},
          {"runs", counts.runs},
          {"failed", counts.failed},
          {"violated", counts.violated},
          {"crashed", counts.crashed},
          {"missing", counts.missing},
          {"scenario", shown(group.scenario)},
          {"seed", std::to_string(run.seed)},
          {"why", shown(why_of(run))},
          {"replay", shown(replay_of(group, run))}};
}

PageJson stores_page(const std::vector<ReportedStore>& stores) {
  PageJson list = PageJson::array();
  for (const ReportedStore& store : stores) {
    PageJson missing = PageJson::array();
    for (const std::string& line : store.missing) missing.push_back(shown(line));
    list.push_back({{"folder", shown(store.folder)},
                    {"version", shown(store.program.version)},
                    {"commit", shown(store.program.commit)},
                    {"fates_version", store.program.fates_version},
                    {"missing", std::move(missing)}});
  }
  return list;
}

struct Placed {
  const Group* group;
  std::size_t store;
};

// Those that failed first.
std::vector<Placed> by_verdict(const std::vector<ReportedStore>& stores) {
  std::vector<Placed> groups;
  for (std::size_t i = 0; i < stores.size(); ++i) {
    for (const Group& group : stores[i].groups) groups.push_back({&group, i});
  }
  std::stable_sort(groups.begin(), groups.end(), [](const Placed& a, const Placed& b) {
    return failed(most_telling(*a.group)) && !failed(most_telling(*b.group));
  });
  return groups;
}

// `left`: so many more there is room for.
void add_close_up(const Group& group, std::size_t& left, PageJson& page) {
  if (!group.close_up) {
    page["no_close_up"] = shown(group.no_close_up);
  } else if (left == 0) {
    page["no_close_up"] = "it is left out to keep this page small";
  } else {
    page["close_up"] = close_up_page(group);
    --left;
  }
}

// Every group has a row, and those that there is room for are told in full.
void add_groups(const Kit& kit, const std::vector<ReportedStore>& stores, const Thinning& thinning,
                PageJson& page, std::vector<std::string>& left_out) {
  const std::vector<Placed> groups = by_verdict(stores);
  const std::size_t told = std::min(groups.size(), thinning.groups);
  const std::size_t alone =
      std::min(thinning.alone, std::max<std::size_t>(thinning.alone_together / told, 1));
  std::size_t close_ups = thinning.close_ups;
  PageJson rows = PageJson::array();
  PageJson full = PageJson::array();
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (i < thinning.rows) {
      rows.push_back(group_row(*groups[i].group));
      rows.back()["store"] = groups[i].store;
    }
    if (i >= told) continue;
    full.push_back(group_page(kit, *groups[i].group, thinning, alone, left_out));
    full.back()["store"] = groups[i].store;
    add_close_up(*groups[i].group, close_ups, full.back());
  }
  if (told < groups.size()) {
    left_out.push_back(fmt::format("of {} {} are told in full, those that failed first",
                                   counted(groups.size(), "scenario"), told));
  }
  if (thinning.rows < groups.size()) {
    left_out.push_back(fmt::format("of {} {} stand in the table, those that failed first",
                                   counted(groups.size(), "scenario"), thinning.rows));
  }
  page["rows"] = std::move(rows);
  page["groups"] = std::move(full);
}

std::string text_of(const PageJson& page) {
  return page.dump(-1, ' ', false, PageJson::error_handler_t::replace);
}

}  // namespace

tl::expected<ReportedStore, std::string> read_reported(const std::string& folder) {
  Groups groups;
  auto contents = read_store(folder, [&](const StoredRun& run) { groups.see(run); });
  if (!contents) return Error(contents.error());
  if (contents->runs.empty()) return Error(folder + ": there are no results in this store");
  ReportedStore store{folder, contents->program, {}, missing_of(contents->asked, contents->runs)};
  store.groups = std::move(groups).finish(std::move(*contents));
  return store;
}

tl::expected<std::string, std::string> report_data(const Kit& kit,
                                                   const std::vector<ReportedStore>& stores,
                                                   std::size_t bytes_max) {
  PageJson comparison;
  if (stores.size() == 2) {
    auto compared = comparison_page(kit, stores[0].folder, stores[1].folder, stores[1].groups);
    if (!compared) return Error(compared.error());
    comparison = std::move(*compared);
  }
  Thinning thinning;
  for (;;) {
    std::vector<std::string> left_out;
    PageJson page = {{"summary", summary_of(stores)}, {"stores", stores_page(stores)}};
    if (!comparison.is_null()) page["comparison"] = comparison;
    add_groups(kit, stores, thinning, page, left_out);
    page["sweeps"] = stores.size() == 1 ? sweeps_page(kit, stores[0].groups, thinning.figures)
                                        : PageJson::array();
    page["left_out"] = left_out;
    std::string text = text_of(page);
    const Thinning next = thinning.halved();
    if (text.size() <= bytes_max || next == thinning) return text;
    thinning = next;
  }
}

}  // namespace macula::sim
