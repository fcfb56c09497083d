// The work that one command is asked for: its runs, their terms, and where its results go.
//
//   Campaign campaign;
//   campaign.paths = {"scenarios/integration"};
//   campaign.seeds = SeedRange{1, 100};
//   auto batch = make_batch(kit, campaign);  // sim/study/batch.h
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/run/trace_filter.h"
#include "sim/run/world_kind.h"
#include "sim/scenario/scenario.h"
#include "sim/study/shard.h"

namespace macula::sim {

struct Campaign {
  std::vector<std::string> paths;  // files and folders
  std::optional<SeedRange> seeds;  // nothing: each scenario's own seed
  unsigned jobs = 1;               // runs at a time
  WorldKind world = virtual_world();
  Overrides overrides;
  bool strict = false;      // warnings are errors
  bool verify = false;      // each run twice
  Shard shard;              // the part of the runs that is done
  bool resume = false;      // what the store of `out_folder` has is not run again
  bool run_folders = true;  // in `out_folder`: a folder for each run, beside the store
  std::string out_folder;   // these six: empty where not asked for
  std::string json_file;
  std::string junit_file;
  std::string trace_file;
  std::string pcap_file;
  std::string report_file;  // the page of the store in `out_folder`
  TraceFilter trace_only;   // of the lines of each trace, and the packets of each capture
};

inline constexpr unsigned kMostJobs = 1024;
inline constexpr std::uint64_t kMostRuns = 1'000'000;  // of one campaign

}  // namespace macula::sim
