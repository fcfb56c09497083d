// The arguments of `macula-sim run`, read and checked.
//
//   auto arguments = parse_run_arguments({"scenarios/integration", "--seeds", "1..100"});
//   if (!arguments) std::cerr << arguments.error();
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "base/command_line/manual.h"
#include "sim/study/campaign.h"

namespace macula::sim {

struct RunArguments {
  Campaign campaign;
  bool quiet = false;
  bool verbose = false;
  bool help = false;  // then nothing else is checked
};

// The arguments after `run`. The error is one line for a person: what is wrong and what to do.
[[nodiscard]] tl::expected<RunArguments, std::string> parse_run_arguments(
    const std::vector<std::string>& arguments);

// Of `--jobs`; of `--set` and its like, named in the error. The error is for a person.
[[nodiscard]] tl::expected<unsigned, std::string> parse_jobs(const std::string& text);
[[nodiscard]] tl::expected<Overrides::value_type, std::string> parse_override(
    std::string_view option, const std::string& text);

// "1..100". Nothing where the text is no range of 64-bit numbers or runs backwards.
[[nodiscard]] std::optional<SeedRange> parse_seed_range(std::string_view text);

// What it says of itself.
[[nodiscard]] CommandManual run_manual();

}  // namespace macula::sim
