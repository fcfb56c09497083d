// A part of the runs of a campaign, so that several machines share them: every Nth.
//
//   auto shard = parse_shard("2/5", getenv);   // the second of five
//   shard->has(1);                             // true; so are 6, 11, ..
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <tl/expected.hpp>

namespace macula::sim {

struct Shard {
  std::size_t index = 0;  // below `count`
  std::size_t count = 1;
  std::string from;  // the variable of the environment that said so; empty: none

  [[nodiscard]] bool has(std::size_t run) const { return run % count == index; }
};

inline constexpr std::size_t kMostShards = 1'000'000;

// The value of a variable of the environment; nullptr: there is none.
using Environment = std::function<const char*(const char*)>;

// `text` is "I/N", where I counts from 1 (from 0 does as well: 0/N is N/N), or "/N": then the
// environment says which. The error is for a person.
[[nodiscard]] tl::expected<Shard, std::string> parse_shard(const std::string& text,
                                                           const Environment& environment);

// As Slurm (SLURM_ARRAY_TASK_ID and _COUNT), Kubernetes (JOB_COMPLETION_INDEX, which does not say
// of how many: an error), CI systems (CI_NODE_INDEX and _TOTAL) and Open MPI
// (OMPI_COMM_WORLD_RANK and _SIZE) say it; the first of these that there is. Nothing: none.
[[nodiscard]] tl::expected<std::optional<Shard>, std::string> shard_of(
    const Environment& environment);

}  // namespace macula::sim
