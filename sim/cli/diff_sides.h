// The two runs that `macula-sim diff` holds against each other, each as the file of its trace.
//
//   auto sides = diff_sides(kit, arguments, *scratch);
//   if (!sides) return bad_input("diff", sides.error());
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <tl/expected.hpp>

#include "sim/cli/diff_options.h"
#include "sim/scenario/kit.h"
#include "sim/study/scratch_folder.h"
#include "sim/study/unit.h"

namespace macula::sim {

struct DiffSide {
  std::string about;  // "heal.toml, seed 1, protocol.k=2"
  Provenance program;
  // Where the runs part early, of what was run: it ends soon behind that.
  std::uint64_t digest = 0;
  std::uint64_t events = 0;
  std::string trace;  // path: of the whole run, or of those events among which the two part
  bool kept = false;  // it stands in a folder of --out, where it may have been changed
};

struct DiffSides {
  std::array<DiffSide, 2> sides;
  std::string note;  // for a person: which of many runs it is; may be empty
  // They part within so many of the first events, and were not run to their ends; 0: they were.
  std::uint64_t parted_within = 0;

  // Whether they went the same way.
  [[nodiscard]] bool same() const {
    return parted_within == 0 && sides[0].digest == sides[1].digest &&
           sides[0].events == sides[1].events;
  }
};

// Runs the sides that are not there. Files that are written go into the scratch folder. Runs that
// are the same need no trace. The error is for a person; empty where a signal interrupted it.
[[nodiscard]] tl::expected<DiffSides, std::string> diff_sides(const Kit& kit,
                                                              const DiffArguments& arguments,
                                                              const ScratchFolder& scratch);

}  // namespace macula::sim
