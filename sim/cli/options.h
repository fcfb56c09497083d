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
  std::string command = "run";  // whose they are
  Campaign campaign;
  bool quiet = false;
  bool verbose = false;
  bool output_taken = false;  // the standard output is for the command's own results
  bool help = false;          // then nothing else is checked
};

// The arguments after `run`. The error is one line for a person: what is wrong and what to do.
[[nodiscard]] tl::expected<RunArguments, std::string> parse_run_arguments(
    const std::vector<std::string>& arguments);

// The value of `--jobs`; not given, one for each core, or as many as `least`. The error is for a
// person.
[[nodiscard]] tl::expected<unsigned, std::string> jobs_of(
    const boost::program_options::variables_map& values, unsigned least = 1);

// The value of `--world`; not given, the virtual one. The error is for a person.
[[nodiscard]] tl::expected<WorldKind, std::string> world_of(
    const boost::program_options::variables_map& values);
// The value of `--seeds`; nothing where it is not given. The error is for a person.
[[nodiscard]] tl::expected<std::optional<SeedRange>, std::string> seeds_of(
    const boost::program_options::variables_map& values);

// Those of the store: `--report`, `--resume`, and `--shard`, or what the environment says in its
// place. The error is for a person.
[[nodiscard]] tl::expected<void, std::string> read_store_options(
    const boost::program_options::variables_map& values, Campaign& campaign);
void add_store_options(boost::program_options::options_description& options);

// Its entry in the manual.
[[nodiscard]] CommandManual run_manual();

}  // namespace macula::sim
