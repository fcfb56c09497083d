#include "sim/cli/why.h"

#include <fmt/format.h>

#include <iostream>

#include "base/command_line/command_line.h"
#include "base/text/diagnostic.h"
#include "base/text/printable.h"
#include "sim/cli/bad_input.h"
#include "sim/cli/exit_code.h"
#include "sim/cli/file_options.h"
#include "sim/file/parse.h"
#include "sim/scenario/program_name.h"
#include "sim/study/story_teller.h"
#include "sim/study/why.h"

namespace macula::sim {
namespace {

namespace po = boost::program_options;
using Error = tl::unexpected<std::string>;

struct WhyArguments {
  std::string path;
  Overrides overrides;
  WhyQuestion question;
  std::optional<std::uint64_t> seed;
};

tl::expected<WhyArguments, std::string> read(const po::variables_map& values) {
  WhyArguments to;
  const auto paths = paths_of(values);
  if (paths.size() != 1) return Error("takes one scenario file");
  to.path = paths.front();
  auto overrides = overrides_of(values, "set");
  if (!overrides) return Error(overrides.error());
  to.overrides = std::move(*overrides);
  const auto seed = seed_of(values);
  if (!seed) return Error(seed.error());
  to.seed = *seed;
  to.question.label = text_of(values, "label");
  if (to.question.label.empty()) return Error("--label says which operations: it is missing");
  to.question.failed = values.count("failed") != 0;
  if (values.count("nth") == 0) return to;
  const auto nth = parse_number(text_of(values, "nth"));
  if (!nth || *nth == 0) {
    return Error(fmt::format("--nth takes a number from 1 on, not '{}'", text_of(values, "nth")));
  }
  to.question.nth = *nth;
  return to;
}

}  // namespace

CommandManual why_manual() {
  CommandManual manual;
  manual.name = "why";
  manual.operands = "FILE";
  manual.summary = "tell why one operation of a run ended as it did";
  manual.about =
      "Runs the scenario in the virtual world, and tells the story of one operation: which nodes\n"
      "were asked when, and what became of each request; where it is about a key, what was stored\n"
      "there by whom, and which nodes held it how long; last, its cause in one sentence.\n"
      "Ends with 0 if it is told, 2 if there is no such operation, or on bad input or usage.\n";
  auto add = manual.options.add_options();
  const auto value = [](const char* name) { return po::value<std::string>()->value_name(name); };
  add("label", value("LABEL"), "of the operation, as the scenario's step has it");
  add("nth", value("N"), "which of them, in the order of their beginning (default: 1)");
  add("failed", "of those that failed, in the order of their end");
  add("seed", value("N"), "run with this seed in place of the file's");
  add("set", po::value<std::vector<std::string>>()->value_name("KEY=VALUE"),
      "override a key of the scenario, as in protocol.k=2; may be repeated");
  add("help", "print this text");
  manual.takes_files = true;
  return manual;
}

int run_why(const Kit& kit, const std::vector<std::string>& arguments) {
  const auto values = read_command_line(why_manual().options, arguments);
  if (!values) return bad_input("why", values.error());
  if (values->count("help") != 0) {
    std::cout << help_text(program_name(), why_manual());
    return kPassed;
  }
  auto asked = read(*values);
  if (!asked) return bad_input("why", asked.error());
  const auto scenario = parse_scenario(kit, asked->path, asked->overrides);
  if (!scenario) {
    std::cerr << format(scenario.error());
    return kBadInput;
  }
  asked->question.seed = asked->seed.value_or(scenario->seed);
  const auto story = ask_why(kit, *scenario, asked->question);
  if (!story) return bad_input("why", story.error());
  std::cout << printable(told(*story), Lines::many);
  return kPassed;
}

}  // namespace macula::sim
