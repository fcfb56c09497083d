#include "sim/cli/compare_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/program_options.hpp>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

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
constexpr const char* kStandardInput = "/dev/stdin";  // as paths_of() names it

void add_compare_options(po::options_description& options) {
  const auto value = [](const char* name) { return po::value<Text>()->value_name(name); };
  const auto values = [](const char* name) { return po::value<Texts>()->value_name(name); };
  auto add = options.add_options();
  add("a", values("KEY=VALUE"), "a setting of A, as in protocol.alpha=3; may be repeated");
  add("b", values("KEY=VALUE"), "a setting of B; may be repeated");
  add("seeds", value("A..B"), "with these seeds (default: 10, then 20, 40, 80 while unsure)");
  add("jobs", value("N"), "runs at a time (default: one for each core)");
  add("gate", values("METRIC[:TOLERANCE]"),
      "judge by this, as in lookup.latency_ms.p99:2%; may be repeated (default: the usual ones)");
  add("programs", "the programs OLD and NEW run the file, A and B");
  add("json", value("FILE"), "write the comparison as JSON");
  add("junit", value("FILE"),
      "write it as JUnit XML: what is worse fails, what is unsure is skipped");
  add("markdown", value("FILE"), "write it as a comment for a pull request");
  add("require-sure", "end with 4 where something is unsure");
  add("self-test", "plant a change in each metric of A, and see that each is called");
  add("help", "print this text");
}

// The error; empty: there is none.
std::string read_files(const po::variables_map& values, CompareArguments& to) {
  std::set<Text> named;
  for (const auto& [name, file] : {std::pair("json", &to.json_file),
                                   {"junit", &to.junit_file},
                                   {"markdown", &to.markdown_file}}) {
    if (values.count(name) == 0) continue;
    *file = text_of(values, name);
    if (file->empty()) return fmt::format("--{} takes the name of a file", name);
    if (!named.insert(*file).second) return *file + " is named for two outputs";
  }
  return {};
}

// Reads the two sides of the comparison. The error; empty: there is none.
std::string read_operands(const po::variables_map& values, CompareArguments& to) {
  to.paths = paths_of(values);
  if (values.count("programs") != 0) {
    if (to.paths.size() != 3)
      return "--programs takes OLD NEW FILE: two programs and a scenario file";
    if (to.self_test) return "--self-test runs this program: it takes one scenario file";
    to.old_program = to.paths[0];
    to.new_program = to.paths[1];
    to.paths.erase(to.paths.begin(), to.paths.begin() + 2);
    if (to.paths[0] == kStandardInput) return "--programs takes a file: both programs read it";
    return {};
  }
  if (to.paths.size() == 1) return {};
  std::error_code error;
  const bool stores = to.paths.size() == 2 && std::filesystem::is_directory(to.paths[0], error) &&
                      std::filesystem::is_directory(to.paths[1], error);
  if (!stores) {
    return "one scenario file is compared under two settings, or two stores, the folders of --out";
  }
  if (!to.a.empty() || !to.b.empty() || to.seeds || to.self_test) {
    return "two stores are compared as they are: --a, --b, --seeds and --self-test belong to a "
           "file";
  }
  return {};
}

// Reads the rest of the options. The error; empty: there is none.
std::string read_rest(const Kit& kit, const po::variables_map& values, CompareArguments& to) {
  if (values.count("seeds") != 0) {
    to.seeds = parse_seed_range(text_of(values, "seeds"));
    if (!to.seeds || to.seeds->last - to.seeds->first >= kMostSeeds) {
      return fmt::format("--seeds takes A..B, at most {} seeds, not '{}'", kMostSeeds,
                         text_of(values, "seeds"));
    }
  }
  const auto jobs = jobs_of(values);
  if (!jobs) return jobs.error();
  to.jobs = *jobs;
  if (values.count("gate") != 0) {
    for (const Text& text : values["gate"].as<Texts>()) {
      auto gauge = parse_gauge(kit, text);
      if (!gauge) return "--gate: " + gauge.error();
      const bool twice = std::any_of(to.gauges.begin(), to.gauges.end(), [&](const Gauge& other) {
        return other.metric == gauge->metric && other.statistic == gauge->statistic;
      });
      if (twice) return fmt::format("--gate: {} is named twice", gauge->name);
      to.gauges.push_back(std::move(*gauge));
    }
  }
  return read_files(values, to);
}

}  // namespace

tl::expected<CompareArguments, std::string> parse_compare_arguments(
    const Kit& kit, const std::vector<std::string>& arguments) {
  const auto values = read_command_line(compare_manual().options, arguments);
  if (!values) return Error(values.error());
  CompareArguments to;
  to.help = values->count("help") != 0;
  if (to.help) return to;
  auto a = overrides_of(*values, "a");
  auto b = overrides_of(*values, "b");
  for (const auto* side : {&a, &b}) {
    if (!*side) return Error(side->error());
  }
  for (const auto* side : {&a, &b}) {
    for (const auto& [key, value] : **side) {
      if (key == "scenario.seed") return Error("seeds are given by --seeds, not by scenario.seed");
    }
  }
  to.a = std::move(*a);
  to.b = std::move(*b);
  to.require_sure = values->count("require-sure") != 0;
  to.self_test = values->count("self-test") != 0;
  if (std::string wrong = read_rest(kit, *values, to); !wrong.empty())
    return Error(std::move(wrong));
  if (std::string wrong = read_operands(*values, to); !wrong.empty())
    return Error(std::move(wrong));
  if (to.self_test) {
    for (const char* name : {"b", "json", "junit", "markdown", "require-sure"}) {
      if (values->count(name) == 0) continue;
      return Error(
          fmt::format("--self-test plants its changes in A, and has no file: --{} does not "
                      "belong to it",
                      name));
    }
  }
  return to;
}

CommandManual compare_manual() {
  CommandManual manual;
  manual.name = "compare";
  manual.operands = "FILE | A B | OLD NEW FILE";
  manual.summary = "is B better than A, seed by seed, and how sure is that?";
  manual.about =
      "Runs a scenario file with the same seeds under the settings A and B, and holds the\n"
      "differences, seed by seed, against chance: sign-flip permutation test, adjusted after Holm\n"
      "for the number of metrics. A and B may also be two stores, the folders of 'run --out', "
      "with\n"
      "the same scenarios and seeds; or two programs, which run the file: --programs OLD NEW "
      "FILE.\n"
      "A change within the tolerance (1 %) is none. What held in A and\n"
      "does not in B is worse, in however few seeds.\n"
      "Ends with 0, or with 1 if B is worse, 2 on bad input or where something was not measured,\n"
      "4 with --require-sure if something is unsure, 130 or 143 when a signal interrupted it.\n";
  add_compare_options(manual.options);
  manual.takes_files = true;
  return manual;
}

}  // namespace macula::sim
