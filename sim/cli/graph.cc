#include "sim/cli/graph.h"

#include <fmt/format.h>

#include <boost/program_options.hpp>
#include <iostream>
#include <memory>
#include <optional>

#include "base/command_line/command_line.h"
#include "base/text/units.h"
#include "sim/cli/bad_input.h"
#include "sim/cli/exit_code.h"
#include "sim/cli/file_options.h"
#include "sim/cli/interrupt.h"
#include "sim/file/parse.h"
#include "sim/scenario/program_name.h"
#include "sim/study/output_file.h"
#include "sim/study/overlay_files.h"
#include "sim/study/overlay_snapshot.h"
#include "sim/study/overlay_text.h"
#include "sim/study/same_file.h"
#include "sim/study/worlds.h"

namespace macula::sim {
namespace {

namespace po = boost::program_options;
using Text = std::string;
using Error = tl::unexpected<std::string>;

struct GraphArguments {
  std::string path;
  Duration at{0};
  std::optional<std::uint64_t> seed;
  Overrides overrides;
  std::string out;  // empty: nothing is written
};

tl::expected<GraphArguments, std::string> read_arguments(const po::variables_map& values) {
  GraphArguments to;
  const std::vector<Text> paths = paths_of(values);
  if (paths.size() != 1) return Error("takes one scenario file");
  to.path = paths.front();
  if (values.count("at") == 0) return Error("--at says when, as in --at 10min");
  const auto at = parse_duration(text_of(values, "at"));
  if (!at) return Error("--at: " + at.error());
  to.at = *at;
  const auto seed = seed_of(values);
  if (!seed) return Error(seed.error());
  to.seed = *seed;
  auto overrides = overrides_of(values, "set");
  if (!overrides) return Error(overrides.error());
  to.overrides = std::move(*overrides);
  to.out = text_of(values, "out");
  if (values.count("out") != 0 && !overlay_form(to.out)) {
    return Error(fmt::format(
        "--out takes a file whose name ends with .graphml, .dot or .json, not '{}'", to.out));
  }
  return to;
}

int write(const OverlaySnapshot& snapshot, const GraphArguments& arguments, OutputFile* file) {
  const bool taken = arguments.out == kStandardOutput;
  for (const std::string& line : overlay_lines(snapshot)) {
    (taken ? std::cerr : std::cout) << line << '\n';
  }
  if (file == nullptr) return kPassed;
  write_overlay(snapshot, *overlay_form(arguments.out), file->begin());
  const std::string wrong = file->close();
  return wrong.empty() ? kPassed : bad_input("graph", wrong);
}

int show(const Scenario& scenario, const GraphArguments& arguments) {
  if (const std::string why = refusal(virtual_world(), scenario); !why.empty()) {
    return bad_input("graph", arguments.path + ": " + why);
  }
  std::vector<std::string> inputs = scenario.inputs;
  inputs.push_back(scenario.file);
  if (const std::string wrong = clash({{"--out", arguments.out}}, inputs);
      !arguments.out.empty() && !wrong.empty()) {
    return bad_input("graph", wrong);
  }
  auto file = OutputFile::open(arguments.out);
  if (!file) return bad_input("graph", file.error());
  watch_signals();
  const auto snapshot =
      take_overlay(scenario, arguments.seed.value_or(scenario.seed), arguments.at, interrupted);
  if (signal_received() != 0) return exit_code_of_signal(signal_received());
  if (!snapshot) return bad_input("graph", arguments.path + ": " + snapshot.error());
  return write(*snapshot, arguments, file->get());
}

}  // namespace

CommandManual graph_manual() {
  CommandManual manual;
  manual.name = "graph";
  manual.operands = "FILE";
  manual.summary = "show who knows whom at an instant of a run";
  manual.about =
      "Runs a scenario up to an instant and takes its overlay: an edge from each node that is up "
      "to\n"
      "each that it knows. Prints how it hangs together, on which nodes that rests, and what is "
      "left\n"
      "when the most known go, or a region.\n"
      "Ends with 0, and 2 on bad input or usage, 130 or 143 when a signal interrupted it.\n";
  auto add = manual.options.add_options();
  const auto value = [](const char* name) { return po::value<Text>()->value_name(name); };
  add("at", value("T"), "the instant, as in 10min");
  add("seed", value("N"), "of the run (default: the scenario's)");
  add("set", po::value<std::vector<Text>>()->value_name("KEY=VALUE"),
      "override a key of the scenario; may be repeated");
  add("out", value("FILE"),
      "write the graph there, as .graphml or .dot, or the figures, as .json or - for the standard "
      "output");
  add("help", "print this text");
  manual.takes_files = true;
  return manual;
}

int run_graph(const Kit& kit, const std::vector<std::string>& arguments) {
  const CommandManual manual = graph_manual();
  const auto values = read_command_line(manual.options, arguments);
  if (values && values->count("help") != 0) {
    std::cout << help_text(program_name(), manual);
    return kPassed;
  }
  const auto parsed = values ? read_arguments(*values) : Error(values.error());
  if (!parsed) return bad_input("graph", parsed.error() + help_hint("graph"));
  const auto scenario = parse_scenario(kit, parsed->path, parsed->overrides);
  if (!scenario) {
    std::cerr << format(scenario.error());
    return kBadInput;
  }
  std::cerr << format(scenario->warnings);
  return show(*scenario, *parsed);
}

}  // namespace macula::sim
