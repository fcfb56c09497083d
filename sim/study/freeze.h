// A scenario in which nothing is drawn but fates and ids: what one seed makes of `any`, `sample`,
// `every`, `think`, placeholders, sizes and churn, spelled out step by step.
//
//   auto text = freeze_scenario(kit, "churn/day.toml", {}, 7);
//
// Run with that seed it is the same run, but that a step comes first where it falls on the very
// nanosecond of something that nodes had set before. So a step may be taken out or changed, and all
// others stay what they were: where shrinking and explaining start from.
//
// Churn that has nodes wait before their first life, or come back as nodes never seen, stays as it
// is: no step says so. Its lives depend on seed and node alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tl/expected.hpp>

#include "base/text/diagnostic.h"
#include "sim/file/parse.h"

namespace macula::sim {

// A scenario file. `seed`: of the run; nothing: the scenario's own. An error where the scenario is
// wrong, where its run breaks off, and where the text would be longer than a file may be.
[[nodiscard]] tl::expected<std::string, Diagnostics> freeze_scenario(
    const Kit& kit, const std::string& path, const Overrides& overrides,
    std::optional<std::uint64_t> seed);

}  // namespace macula::sim
