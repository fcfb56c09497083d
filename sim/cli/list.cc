#include "sim/cli/list.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iostream>

#include "base/text/diagnostic.h"
#include "base/text/units.h"
#include "sim/cli/bad_input.h"
#include "sim/cli/exit_code.h"
#include "sim/cli/file_options.h"
#include "sim/file/files.h"
#include "sim/file/parse.h"
#include "sim/scenario/program_name.h"
#include "sim/study/store_listing.h"

namespace macula::sim {
namespace {

struct Line {
  std::string name;
  std::string seed;
  std::string duration;
  std::string about;
};

void print(const std::vector<Line>& lines) {
  std::size_t name = 0;
  std::size_t seed = 0;
  std::size_t duration = 0;
  for (const Line& line : lines) {
    name = std::max(name, line.name.size());
    seed = std::max(seed, line.seed.size());
    duration = std::max(duration, line.duration.size());
  }
  for (const Line& line : lines) {
    const std::string columns = fmt::format("{:<{}}  {:>{}}  {:>{}}", line.name, name, line.seed,
                                            seed, line.duration, duration);
    std::cout << columns << (line.about.empty() ? "" : "  ") << line.about << '\n';
  }
}

constexpr FileCommand kListCommand{
    "list", "[PATH]", "list the scenarios of a folder, or what a store holds",
    "Lists the scenarios of a folder (default: scenarios), a line each:\n"
    "name, seed, duration, about. Of a store, the folder of 'run --out', it\n"
    "lists what it holds: scenarios, runs by verdict, seeds, programs.\n"};

int print_store(const std::string& folder) {
  const auto listing = list_store(folder);
  if (!listing) return bad_input("list", listing.error());
  for (const std::string& line : listing->table()) std::cout << line << '\n';
  return kPassed;
}

}  // namespace

CommandManual list_manual() {
  return manual_of(kListCommand);
}

int run_list(const Kit& kit, const std::vector<std::string>& arguments) {
  auto parsed = parse_file_arguments(kListCommand, arguments);
  if (parsed && parsed->help) {
    std::cout << help_text(program_name(), list_manual());
    return kPassed;
  }
  if (!parsed || parsed->paths.size() > 1) {
    return bad_input("list", parsed ? "takes one path" : parsed.error());
  }
  if (parsed->paths.empty()) parsed->paths.emplace_back("scenarios");
  if (is_store(parsed->paths.front())) return print_store(parsed->paths.front());
  const auto files = find_scenario_files(parsed->paths);
  if (!files) {
    std::cerr << format(files.error());
    return kBadInput;
  }
  int code = kPassed;
  std::vector<Line> lines;
  for (const std::string& file : *files) {
    auto scenario = parse_scenario(kit, file);
    if (!scenario) {
      std::cerr << format(scenario.error());
      code = kBadInput;
      continue;
    }
    // One line each: a line break of `about` becomes a blank.
    std::replace(scenario->about.begin(), scenario->about.end(), '\n', ' ');
    lines.push_back({std::move(scenario->name), fmt::format("{}", scenario->seed),
                     describe_duration(scenario->duration), std::move(scenario->about)});
  }
  print(lines);
  return code;
}

}  // namespace macula::sim
