#include "sim/cli/compare_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/program_options.hpp>
#include <thread>

#include "base/command_line/command_line.h"
#include "sim/cli/file_options.h"
#include "sim/cli/options.h"

namespace macula::sim {
namespace {

namespace po = boost::program_options;
using Text = std::string;
using Texts = std::vector<Text>;
using Error = tl::unexpected<std::string>;

constexpr std::uint64_t kMostSeeds = 10'000;

void add_options(po::options_description& options) {
  const auto value = [](const char* name) { return po::value<Text>()->value_name(name); };
  const auto values = [](const char* name) { return po::value<Texts>()->value_name(name); };
  auto add = options.add_options();
  add("a", values("KEY=VALUE"), "a setting of A, as in protocol.alpha=3; may be repeated");
  add("b", values("KEY=VALUE"), "a setting of B; may be repeated");
  add("seeds", value("A..B"), "with these seeds (default: 10, then 20, 40, 80 while unsure)");
  add("jobs", value("N"), "runs at a time (default: one for each core)");
  add("gate", values("METRIC[:TOLERANCE]"),
      "judge by this, as in lookup.latency_ms.p99:2%; may be repeated (default: the usual ones)");
  add("json", value("FILE"), "write the comparison as JSON");
  add("markdown", value("FILE"), "write it as a comment for a pull request");
  add("require-sure", "end with 4 where something is unsure");
  add("self-test", "plant a change in each metric of A, and see that each is called");
  add("help", "print this text");
}

Text text_of(const po::variables_map& values, const char* name) {
  return values.count(name) == 0 ? Text() : values[name].as<Text>();
}

Texts texts_of(const po::variables_map& values, const char* name) {
  return values.count(name) == 0 ? Texts() : values[name].as<Texts>();
}

tl::expected<Overrides, std::string> overrides_of(const po::variables_map& values,
                                                  const std::string& name) {
  Overrides overrides;
  for (const Text& text : texts_of(values, name.c_str())) {
    auto read = parse_override("--" + name, text);
    if (!read) return Error(read.error());
    overrides.push_back(std::move(*read));
  }
  return overrides;
}

// What else stands there; empty: all is right.
std::string read_rest(const po::variables_map& values, CompareArguments& to) {
  if (values.count("seeds") != 0) {
    to.seeds = parse_seed_range(text_of(values, "seeds"));
    if (!to.seeds || to.seeds->last - to.seeds->first >= kMostSeeds) {
      return fmt::format("--seeds takes A..B, at most {} seeds, not '{}'", kMostSeeds,
                         text_of(values, "seeds"));
    }
  }
  to.jobs = std::clamp(std::thread::hardware_concurrency(), 1U, kMostJobs);
  if (values.count("jobs") != 0) {
    const auto jobs = parse_jobs(text_of(values, "jobs"));
    if (!jobs) return jobs.error();
    to.jobs = *jobs;
  }
  for (const Text& text : texts_of(values, "gate")) {
    auto gauge = parse_gauge(text);
    if (!gauge) return "--gate: " + gauge.error();
    to.gauges.push_back(std::move(*gauge));
  }
  to.json_file = text_of(values, "json");
  to.markdown_file = text_of(values, "markdown");
  for (const char* name : {"json", "markdown"}) {
    if (values.count(name) != 0 && text_of(values, name).empty()) {
      return fmt::format("--{} takes the name of a file", name);
    }
  }
  if (!to.json_file.empty() && to.json_file == to.markdown_file) {
    return to.json_file + " is named for two outputs";
  }
  return {};
}

Text with_nearest_option(const po::unknown_option& error) {
  return nearest_option(error, compare_manual().options);
}

}  // namespace

tl::expected<CompareArguments, std::string> parse_compare_arguments(
    const std::vector<std::string>& arguments) {
  const auto values = read_command_line(compare_manual().options, arguments, with_nearest_option);
  if (!values) return Error(values.error());
  CompareArguments to;
  to.help = values->count("help") != 0;
  if (to.help) return to;
  auto a = overrides_of(*values, "a");
  auto b = overrides_of(*values, "b");
  for (const auto* side : {&a, &b}) {
    if (!*side) return Error(side->error());
  }
  to.a = std::move(*a);
  to.b = std::move(*b);
  to.require_sure = values->count("require-sure") != 0;
  to.self_test = values->count("self-test") != 0;
  if (std::string wrong = read_rest(*values, to); !wrong.empty()) return Error(std::move(wrong));
  const std::vector<std::string> paths = paths_of(*values);
  if (paths.size() != 1) return Error("one scenario file is compared under two settings");
  to.file = paths.front();
  return to;
}

CommandManual compare_manual() {
  CommandManual manual;
  manual.name = "compare";
  manual.operands = "FILE";
  manual.summary = "run a scenario under two settings: is B better than A, and how sure is that?";
  manual.about =
      "Runs a scenario file with the same seeds under the settings A and B, and holds the\n"
      "differences, seed by seed, against chance: sign-flip permutation test, adjusted after Holm\n"
      "for the number of metrics. A change within the tolerance (1 %) is none. What held in A and\n"
      "does not in B is worse, in however few seeds.\n"
      "Ends with 0, or with 1 if B is worse, 2 on bad input or where something was not measured,\n"
      "4 with --require-sure if something is unsure, 130 or 143 when a signal interrupted it.\n";
  add_options(manual.options);
  manual.takes_files = true;
  return manual;
}

}  // namespace macula::sim
