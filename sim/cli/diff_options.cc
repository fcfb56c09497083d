#include "sim/cli/diff_options.h"

#include <fmt/format.h>

#include <boost/program_options.hpp>
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

constexpr std::uint64_t kMostAround = 1000;

void add_diff_options(po::options_description& options) {
  const auto values = [](const char* name) { return po::value<Texts>()->value_name(name); };
  auto add = options.add_options();
  add("set", values("KEY=VALUE"), "a setting of both, as in protocol.k=2; may be repeated");
  add("a", values("KEY=VALUE"), "a setting of A; may be repeated");
  add("b", values("KEY=VALUE"), "a setting of B; may be repeated");
  add("world", po::value<Text>()->value_name("virtual|virtual-quic"),
      "the world of both (default: virtual)");
  add("programs", "the programs OLD and NEW run FILE:SEED, A and B");
  add("around", po::value<Text>()->value_name("N"),
      "show so many lines of each before and after (default: 5)");
  add("help", "print this text");
}

// The error; empty: there is none.
Text read_operands(const po::variables_map& values, DiffArguments& to) {
  Texts names = positional_arguments(values);
  const bool programs = values.count("programs") != 0;
  if (programs && names.size() != 3) return "--programs takes OLD NEW FILE:SEED";
  if (!programs && names.size() != 2) {
    return "takes two runs, each FILE:SEED or a folder of --out";
  }
  if (programs) {
    to.program_a = names[0];
    to.program_b = names[1];
    names = {names[2], names[2]};
  }
  for (const auto& [name, run] : {std::pair(&names[0], &to.a), std::pair(&names[1], &to.b)}) {
    auto named = parse_named_run(*name);
    if (!named) return named.error();
    *run = std::move(*named);
    if (programs && run->is_folder) return "--programs takes FILE:SEED, which both programs run";
  }
  return {};
}

// The error; empty: there is none.
Text read_settings(const po::variables_map& values, DiffArguments& to) {
  const auto both = overrides_of(values, "set");
  if (!both) return both.error();
  for (const auto& [name, run, settings] :
       {std::tuple("a", &to.a, &to.settings_a), std::tuple("b", &to.b, &to.settings_b)}) {
    const auto own = overrides_of(values, name);
    if (!own) return own.error();
    *settings = *both;
    settings->insert(settings->end(), own->begin(), own->end());
    if (run->is_folder && !settings->empty()) {
      return fmt::format("{} is a run as it was: settings belong to FILE:SEED", run->path);
    }
  }
  return {};
}

}  // namespace

tl::expected<DiffArguments, std::string> parse_diff_arguments(const Texts& arguments) {
  const auto values = read_command_line(diff_manual().options, arguments);
  if (!values) return Error(values.error());
  DiffArguments to;
  to.help = values->count("help") != 0;
  if (to.help) return to;
  const auto world = world_of(*values);
  if (!world) return Error(world.error());
  to.world = *world;
  if (to.world.name == kQuic) {
    return Error("no two runs are the same in real time: use --world virtual-quic");
  }
  if (values->count("around") != 0) {
    const auto around = parse_number(text_of(*values, "around"));
    if (!around || *around > kMostAround) {
      return Error(fmt::format("--around takes a number of lines, at most {}, not '{}'",
                               kMostAround, text_of(*values, "around")));
    }
    to.around = static_cast<std::size_t>(*around);
  }
  if (Text wrong = read_operands(*values, to); !wrong.empty()) return Error(std::move(wrong));
  if (Text wrong = read_settings(*values, to); !wrong.empty()) return Error(std::move(wrong));
  return to;
}

CommandManual diff_manual() {
  CommandManual manual;
  manual.name = "diff";
  manual.operands = "A B | OLD NEW FILE:SEED";
  manual.summary = "the first event in which two runs differ";
  manual.about =
      "Names the first event in which two runs differ, with the events around it. A run is\n"
      "FILE:SEED, or a folder that 'run --out' has written: of one run, DIR/NAME-SEED, or of "
      "many;\n"
      "of two folders of many it takes the first run whose digests differ. With --programs OLD "
      "NEW\n"
      "two programs run FILE:SEED.\n"
      "Ends with 0 if they are the same, 1 if they differ, 2 on bad input, 130 or 143 when a\n"
      "signal interrupted it.\n";
  add_diff_options(manual.options);
  manual.takes_files = true;
  return manual;
}

}  // namespace macula::sim
