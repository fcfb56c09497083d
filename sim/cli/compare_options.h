// The arguments of `macula-sim compare`, read and checked.
//
//   auto arguments = parse_compare_arguments(kit, {"heal.toml", "--b", "protocol.alpha=5"});
#pragma once

#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "base/command_line/manual.h"
#include "sim/study/campaign.h"
#include "sim/study/gauge.h"

namespace macula::sim {

struct CompareArguments {
  std::vector<std::string> paths;  // one scenario file, or two stores
  std::string old_program;         // of --programs: A; empty: both sides are this program
  std::string new_program;
  Overrides a;
  Overrides b;
  std::optional<SeedRange> seeds;  // nothing: 10, 20, 40, 80, until nothing is unsure
  unsigned jobs = 1;
  std::vector<Gauge> gauges;  // none: the usual ones
  std::string json_file;      // these: empty where not asked for
  std::string junit_file;
  std::string markdown_file;
  bool require_sure = false;
  bool self_test = false;
  bool help = false;  // then nothing else is checked

  [[nodiscard]] bool of_stores() const { return paths.size() == 2; }
};

// The error is one line for a person.
[[nodiscard]] tl::expected<CompareArguments, std::string> parse_compare_arguments(
    const Kit& kit, const std::vector<std::string>& arguments);

[[nodiscard]] CommandManual compare_manual();

}  // namespace macula::sim
