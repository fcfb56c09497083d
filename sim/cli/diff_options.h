// The arguments of `macula-sim diff`, read and checked.
//
//   auto arguments = parse_diff_arguments({"heal.toml:1", "heal.toml:2"});
#pragma once

#include <cstddef>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "base/command_line/manual.h"
#include "sim/scenario/scenario.h"
#include "sim/study/campaign.h"
#include "sim/study/named_run.h"

namespace macula::sim {

struct DiffArguments {
  bool help = false;  // then nothing else is checked
  NamedRun a;
  NamedRun b;
  std::string program_a;  // with --programs: that run `a` and `b`, the same file and seed
  std::string program_b;
  Overrides settings_a;
  Overrides settings_b;
  WorldKind world = virtual_world();
  std::size_t around = 5;  // lines shown before and after
};

// The error is one line for a person.
[[nodiscard]] tl::expected<DiffArguments, std::string> parse_diff_arguments(
    const std::vector<std::string>& arguments);

[[nodiscard]] CommandManual diff_manual();

}  // namespace macula::sim
