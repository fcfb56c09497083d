// The folders of `--out`: one a run, with result.json and trace.jsonl. The store stands beside them
// (sim/study/store.h).
//
//   auto folder = OutFolder::create("results", {{"partition-heal", 1}, {"partition-heal", 2}}, {});
//   folder->path(0, "trace.jsonl");  // "results/partition-heal-1/trace.jsonl"
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "sim/study/shard.h"

namespace macula::sim {

class OutFolder {
 public:
  // A folder for each run of the shard, given by scenario name and seed; what is there already
  // stays, but for files of the same names. The error says which folder cannot be written.
  [[nodiscard]] static tl::expected<OutFolder, std::string> create(
      const std::string& path, const std::vector<std::pair<std::string, std::uint64_t>>& runs,
      const Shard& shard);

  [[nodiscard]] const std::string& path(std::size_t run) const { return folders_[run]; }
  [[nodiscard]] std::string path(std::size_t run, const char* file) const {
    return folders_[run] + "/" + file;
  }

 private:
  std::vector<std::string> folders_;
};

}  // namespace macula::sim
