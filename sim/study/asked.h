// The runs that a command was asked to put into a store, all shards of it: so that a store knows
// what it lacks.
//
//   const Asked asked = asked_of(batch, "virtual");
//   asked_text(asked);   // of a file; read_asked() reads it back
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "sim/study/batch.h"
#include "sim/study/unit.h"

namespace macula::sim {

// One scenario with a range of seeds.
struct AskedRuns {
  std::string scenario;  // its name
  std::uint64_t scenario_hash = 0;
  std::string world;
  SeedRange seeds;
  // As the command named them: to say how a run is repeated. The run does not depend on these.
  std::string file{};
  Overrides overrides{};
};

struct Asked {
  Provenance program;
  std::vector<AskedRuns> runs;
};

[[nodiscard]] Asked asked_of(const Batch& batch, std::string_view world);

[[nodiscard]] std::string asked_text(const Asked& asked);
// The error is for a person. Together no more seeds than a campaign may have.
[[nodiscard]] tl::expected<Asked, std::string> read_asked(std::string_view text);

}  // namespace macula::sim
