// The arguments of `macula-sim compare`, read and checked.
//
//   auto arguments = parse_compare_arguments({"heal.toml", "--b", "protocol.alpha=5"});
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
  std::string file;
  Overrides a;
  Overrides b;
  std::optional<SeedRange> seeds;  // nothing: 10, 20, 40, 80, until nothing is unsure
  unsigned jobs = 1;
  std::vector<Gauge> gauges;  // none: the usual ones
  std::string json_file;      // both: empty where not asked for
  std::string markdown_file;
  bool require_sure = false;
  bool self_test = false;
  bool help = false;  // then nothing else is checked
};

// The error is one line for a person.
[[nodiscard]] tl::expected<CompareArguments, std::string> parse_compare_arguments(
    const std::vector<std::string>& arguments);

[[nodiscard]] CommandManual compare_manual();

}  // namespace macula::sim
