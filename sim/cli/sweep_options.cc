#include "sim/cli/sweep_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/program_options.hpp>

#include "base/command_line/command_line.h"
#include "sim/cli/file_options.h"
#include "sim/study/sweep_batch.h"

namespace macula::sim {
namespace {

namespace po = boost::program_options;
using Text = std::string;
using Texts = std::vector<Text>;
using Error = tl::unexpected<std::string>;

void add_sweep_options(po::options_description& options) {
  const auto value = [](const char* name) { return po::value<Text>()->value_name(name); };
  const auto values = [](const char* name) { return po::value<Texts>()->value_name(name); };
  auto add = options.add_options();
  add("grid", values("KEY=V1,V2,.."),
      "values of a key, as in protocol.alpha=1,3; repeated, each with each");
  add("seeds", value("A..B"), "run each point with these seeds");
  add("out", value("DIR"), "keep the results in a store there");
  add("csv", value("FILE"), "write a row for each point, seed and metric");
  add("json", value("FILE"), "write the results as JSON");
  add("jobs", value("N"), "runs at a time (default: one for each core)");
  add("world", value("virtual|virtual-quic|quic"), "what carries the messages (default: virtual)");
  add("set", values("KEY=VALUE"), "override a key at every point; may be repeated");
  add_store_options(options);
  add("mpi", "have the runs done by the ranks of the mpirun that started this");
  add("help", "print this text");
}

// The error; empty: there is none.
std::string read_axes(const po::variables_map& values, SweepArguments& to) {
  if (values.count("grid") == 0) return {};
  for (const Text& text : values["grid"].as<Texts>()) {
    auto axis = parse_axis(text);
    if (!axis) return axis.error();
    const bool twice = std::any_of(to.axes.begin(), to.axes.end(),
                                   [&](const SweepAxis& other) { return other.key == axis->key; });
    if (twice) return fmt::format("--grid names {} twice", axis->key);
    to.axes.push_back(std::move(*axis));
  }
  return {};
}

std::string read_rest(const po::variables_map& values, SweepArguments& to) {
  Campaign& campaign = to.run.campaign;
  campaign.paths = paths_of(values);
  if (campaign.paths.size() != 1) return "one scenario file is swept";
  const auto seeds = seeds_of(values);
  if (!seeds) return seeds.error();
  campaign.seeds = *seeds;
  const auto world = world_of(values);
  if (!world) return world.error();
  campaign.world = *world;
  const auto jobs = jobs_of(values);
  if (!jobs) return jobs.error();
  campaign.jobs = *jobs;
  auto overrides = overrides_of(values, "set");
  if (!overrides) return overrides.error();
  campaign.overrides = std::move(*overrides);
  campaign.out_folder = text_of(values, "out");
  if (campaign.out_folder.empty() || campaign.out_folder == "-") {
    return "--out DIR says where the store of the results goes";
  }
  campaign.run_folders = false;
  to.csv_file = text_of(values, "csv");
  if (values.count("csv") != 0 && to.csv_file.empty()) return "--csv takes the name of a file";
  campaign.json_file = text_of(values, "json");
  if (values.count("json") != 0 && campaign.json_file.empty()) {
    return "--json takes the name of a file";
  }
  if (!to.csv_file.empty() && to.csv_file == campaign.json_file) {
    return "--csv and --json name the same";
  }
  to.run.output_taken = to.csv_file == "-";
  to.mpi = values.count("mpi") != 0;
  if (to.mpi) {
    // Which rank this is says nothing of shards then.
    if (values.count("shard") != 0) return "--mpi deals out all runs: take --shard away";
    if (values.count("jobs") != 0) return "--jobs is for one process: mpirun -n says how many run";
    campaign.jobs = 1;
    campaign.resume = values.count("resume") != 0;
    return {};
  }
  const auto store = read_store_options(values, campaign);
  return store ? std::string() : store.error();
}

}  // namespace

tl::expected<SweepArguments, std::string> parse_sweep_arguments(const Texts& arguments) {
  const CommandManual manual = sweep_manual();
  const auto values = read_command_line(manual.options, arguments);
  if (!values) return Error(values.error());
  SweepArguments to;
  to.run.command = "sweep";
  to.run.quiet = true;
  to.run.help = values->count("help") != 0;
  if (to.run.help) return to;
  for (const auto& read : {read_axes, read_rest}) {
    if (std::string wrong = read(*values, to); !wrong.empty()) return Error(std::move(wrong));
  }
  return to;
}

CommandManual sweep_manual() {
  CommandManual manual;
  manual.name = "sweep";
  manual.operands = "FILE";
  manual.summary = "run a scenario at every point of a grid of settings";
  manual.about =
      "Runs a scenario file with each combination of the values of its keys, and each seed, into "
      "a\n"
      "store as 'run --out' has it. The points and the seeds stand in the file's [sweep]\n"
      "or are given here; of points that stand there one by one, --grid keeps those with its "
      "values.\n"
      "In the end a row for each point: means over the seeds.\n"
      "Ends with 0 if all expectations hold at all points, 1 if one does not or a run crashed, 2 "
      "on\n"
      "bad input or usage, 130 or 143 when a signal interrupted it.\n";
  add_sweep_options(manual.options);
  manual.takes_files = true;
  return manual;
}

}  // namespace macula::sim
