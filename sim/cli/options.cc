#include "sim/cli/options.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/program_options.hpp>
#include <cstdlib>
#include <iterator>
#include <system_error>
#include <thread>

#include "base/command_line/command_line.h"
#include "sim/cli/file_options.h"
#include "sim/study/worlds.h"

namespace macula::sim {
namespace {

namespace po = boost::program_options;
using Text = std::string;
using Error = tl::unexpected<std::string>;

constexpr unsigned kRealTimeJobs = 12;  // by default

void add_run_options(po::options_description& options) {
  const auto value = [](const char* name) { return po::value<Text>()->value_name(name); };
  auto add = options.add_options();
  add("seed", value("N"), "run with this seed in place of the file's");
  add("seeds", value("A..B"), "run with each seed from A to B");
  add("jobs", value("N"), "runs at a time (default: one for each core)");
  add("world", value("virtual|virtual-quic|quic"), "what carries the messages (default: virtual)");
  add("set", po::value<std::vector<Text>>()->value_name("KEY=VALUE"),
      "override a key of the scenario, as in protocol.k=2; may be repeated");
  add("strict", "take warnings for errors: what has no effect is refused");
  add("verify", "run everything twice and compare the digests");
  add("out", value("DIR"),
      "keep the results in a store there, and a folder for each run: result.json, trace.jsonl");
  add("store-only", "of --out, the store alone: a trace of each run takes much room");
  add_store_options(options);
  add("json", value("FILE"), "write the results as JSON");
  add("junit", value("FILE"), "write the results as JUnit XML");
  add("trace", value("FILE"),
      "write what happens in the one run: .perfetto.json, .shiviz, else a JSON line each; .gz and "
      ".zst are compressed");
  add("pcap", value("FILE"),
      "write the messages of the one run as a capture file (pcapng) for Wireshark; .gz and .zst "
      "are "
      "compressed");
  add("trace-only", value("KEY=VALUE,.."),
      "of traces and captures, the lines of this label, operation, node, kind; and from, to: times "
      "or nodes");
  add("quiet", "print failures and the summary only");
  add("verbose,v", "print how the operations of each label fared, for each run");
  add("help", "print this text");
}

tl::expected<void, std::string> read_seeds(const po::variables_map& values, RunArguments& to) {
  if (values.count("seed") != 0 && values.count("seeds") != 0) {
    return Error("--seed and --seeds cannot be given together");
  }
  if (values.count("seed") != 0) {
    const auto seed = seed_of(values);
    if (!seed) return Error(seed.error());
    to.campaign.seeds = SeedRange{**seed, **seed};
  }
  if (values.count("seeds") != 0) {
    const auto seeds = seeds_of(values);
    if (!seeds) return Error(seeds.error());
    to.campaign.seeds = *seeds;
    if (to.campaign.seeds->last - to.campaign.seeds->first >= kMostRuns) {
      return Error(
          fmt::format("--seeds {} are more than {} seeds", text_of(values, "seeds"), kMostRuns));
    }
  }
  return {};
}

// In real time a run mostly waits.
tl::expected<void, std::string> read_jobs(const po::variables_map& values, RunArguments& to) {
  const auto jobs = jobs_of(values, to.campaign.world.name == kQuic ? kRealTimeJobs : 1);
  if (!jobs) return Error(jobs.error());
  to.campaign.jobs = *jobs;
  return {};
}

tl::expected<void, std::string> read_world(const po::variables_map& values, RunArguments& to) {
  const auto world = world_of(values);
  if (!world) return Error(world.error());
  to.campaign.world = *world;
  return {};
}

tl::expected<void, std::string> check_verify(const RunArguments& arguments) {
  if (!arguments.campaign.verify || arguments.campaign.world.name != kQuic) return {};
  return Error(
      "--verify compares runs bit for bit, and no two are the same in real time: use "
      "--world virtual-quic");
}

tl::expected<void, std::string> read_overrides(const po::variables_map& values, RunArguments& to) {
  auto overrides = overrides_of(values, "set");
  if (!overrides) return Error(overrides.error());
  to.campaign.overrides = std::move(*overrides);
  return {};
}

tl::expected<void, std::string> read_files(const po::variables_map& values, RunArguments& to) {
  const std::pair<const char*, Text*> files[] = {{"out", &to.campaign.out_folder},
                                                 {"json", &to.campaign.json_file},
                                                 {"junit", &to.campaign.junit_file},
                                                 {"trace", &to.campaign.trace_file},
                                                 {"pcap", &to.campaign.pcap_file}};
  for (const auto& [name, file] : files) {
    *file = text_of(values, name);
    if (values.count(name) != 0 && file->empty()) {
      return Error(fmt::format("--{} takes the name of a file or folder", name));
    }
  }
  to.campaign.run_folders = values.count("store-only") == 0;
  if (!to.campaign.run_folders && to.campaign.out_folder.empty()) {
    return Error("--store-only needs --out: it says what goes there");
  }
  if (to.campaign.out_folder == "-")
    return Error("--out takes a folder: '-' is the standard output");
  for (auto one = std::next(std::begin(files)); one != std::end(files); ++one) {
    const Text& file = *one->second;
    const bool twice = std::any_of(std::next(one), std::end(files),
                                   [&](const auto& other) { return *other.second == file; });
    if (!twice || file.empty()) continue;
    return Error(
        fmt::format("{} is named for two outputs", file == "-" ? "the standard output" : file));
  }
  return {};
}

tl::expected<void, std::string> read_filter(const po::variables_map& values, RunArguments& to) {
  if (values.count("trace-only") == 0) return {};
  const Campaign& campaign = to.campaign;
  const bool traced = !campaign.out_folder.empty() && campaign.run_folders;
  if (campaign.trace_file.empty() && campaign.pcap_file.empty() && !traced) {
    return Error(
        "--trace-only needs --trace, --pcap or --out without --store-only: it says which lines of "
        "a trace are kept");
  }
  auto filter = parse_trace_filter(text_of(values, "trace-only"));
  if (!filter) return Error("--trace-only: " + filter.error());
  to.campaign.trace_only = std::move(*filter);
  return {};
}

// A result taken from a store has no second run, and no trace but the one that it left.
tl::expected<void, std::string> check_resume(const RunArguments& arguments) {
  if (!arguments.campaign.resume) return {};
  if (arguments.campaign.verify) return Error("--resume and --verify cannot be given together");
  for (const auto& [name, file] : {std::pair("--trace", &arguments.campaign.trace_file),
                                   std::pair("--pcap", &arguments.campaign.pcap_file)}) {
    if (!file->empty()) {
      return Error(fmt::format("--resume and {} cannot be given together", name));
    }
  }
  return {};
}

}  // namespace

void add_store_options(po::options_description& options) {
  auto add = options.add_options();
  add("report", po::value<Text>()->value_name("FILE"),
      "write the page that 'report' makes of the store of --out, too");
  add("resume", "run only what the store of --out lacks");
  add("shard", po::value<Text>()->value_name("I/N"),
      "run the I-th of N parts; /N: which, the environment says (default, with --out: as Slurm, "
      "Kubernetes, CI or Open MPI say)");
}

tl::expected<void, std::string> read_store_options(const po::variables_map& values,
                                                   Campaign& campaign) {
  campaign.resume = values.count("resume") != 0;
  const bool parted = values.count("shard") != 0;
  const bool reported = values.count("report") != 0;
  campaign.report_file = text_of(values, "report");
  if (reported && (campaign.report_file.empty() || campaign.report_file == "-")) {
    return Error("--report takes the name of a file");
  }
  if (campaign.out_folder.empty()) {
    if (reported) return Error("--report needs --out: the page shows that store");
    if (campaign.resume) return Error("--resume needs --out: it runs what that store lacks");
    if (parted) return Error("--shard needs --out: its results are put together with the others");
    return {};
  }
  // Read before any thread starts, and nothing here writes the environment.
  const auto environment = [](const char* name) {
    return std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
  };
  if (parted) {
    auto shard = parse_shard(text_of(values, "shard"), environment);
    if (!shard) return Error(shard.error());
    campaign.shard = std::move(*shard);
    return {};
  }
  auto shard = shard_of(environment);
  if (!shard) return Error(shard.error());
  if (*shard) campaign.shard = std::move(**shard);
  return {};
}

tl::expected<WorldKind, std::string> world_of(const po::variables_map& values) {
  if (values.count("world") == 0) return virtual_world();
  const Text name = text_of(values, "world");
  const auto world = find_world(name);
  if (world) return *world;
  return Error(fmt::format("--world takes {}, not '{}'", fmt::join(world_names(), ", "), name));
}

tl::expected<std::optional<SeedRange>, std::string> seeds_of(const po::variables_map& values) {
  if (values.count("seeds") == 0) return std::nullopt;
  const auto seeds = parse_seed_range(text_of(values, "seeds"));
  if (seeds) return seeds;
  return Error(fmt::format("--seeds takes A..B, two numbers with A <= B, not '{}'",
                           text_of(values, "seeds")));
}

tl::expected<unsigned, std::string> jobs_of(const po::variables_map& values, unsigned least) {
  if (values.count("jobs") == 0) {
    return std::clamp(std::max(std::thread::hardware_concurrency(), least), 1U, kMostJobs);
  }
  const Text text = text_of(values, "jobs");
  const auto jobs = parse_number(text);
  if (!jobs || *jobs == 0 || *jobs > kMostJobs) {
    return Error(fmt::format("--jobs takes a number from 1 to {}, not '{}'", kMostJobs, text));
  }
  return static_cast<unsigned>(*jobs);
}

tl::expected<RunArguments, std::string> parse_run_arguments(
    const std::vector<std::string>& arguments) {
  const auto values = read_command_line(run_manual().options, arguments);
  if (!values) return Error(values.error());
  RunArguments to;
  to.help = values->count("help") != 0;
  if (to.help) return to;
  to.campaign.verify = values->count("verify") != 0;
  to.campaign.strict = values->count("strict") != 0;
  to.quiet = values->count("quiet") != 0;
  to.verbose = values->count("verbose") != 0;
  if (to.quiet && to.verbose) return Error("--quiet and --verbose cannot be given together");
  to.campaign.paths = paths_of(*values);
  for (const auto& read : {read_seeds(*values, to), read_world(*values, to), read_jobs(*values, to),
                           read_overrides(*values, to), read_files(*values, to),
                           read_filter(*values, to), read_store_options(*values, to.campaign)}) {
    if (!read) return Error(read.error());
  }
  for (const auto& check : {check_verify(to), check_resume(to)}) {
    if (!check) return Error(check.error());
  }
  if (to.campaign.paths.empty())
    return Error("no scenario given: name files, or folders that hold them");
  return to;
}

CommandManual run_manual() {
  CommandManual manual;
  manual.name = "run";
  manual.operands = "PATH...";
  manual.summary = "run scenarios and judge them";
  manual.about =
      "Runs scenario files (or all that the folders hold) and judges each by its expectations.\n"
      "'-' stands for the standard input as a PATH, and for the standard output as a FILE: then "
      "the\n"
      "text for people goes to the error stream.\n"
      "--out keeps each result in a file named by what it depends on (program, scenario, seed). A\n"
      "command that was killed goes on with --resume; --shard divides the runs between machines,\n"
      "and 'merge' puts their stores together.\n"
      "Ends with 0 if all hold, 1 if one does not, an invariant was violated or a run crashed, 2\n"
      "on bad input or usage, 3 if --verify finds a run that is not deterministic, 130 or 143\n"
      "when a signal interrupted it.\n";
  add_run_options(manual.options);
  manual.takes_files = true;
  return manual;
}

}  // namespace macula::sim
