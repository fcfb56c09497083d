#include "sim/cli/file_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/program_options.hpp>
#include <charconv>
#include <utility>

#include "base/command_line/command_line.h"
#include "base/text/printable.h"
#include "base/text/units.h"
#include "base/text/utf8.h"

namespace macula::sim {
namespace {

namespace po = boost::program_options;
using Texts = std::vector<std::string>;

// Reads the options of a run. The error is for a person.
tl::expected<void, std::string> read_run_options(const po::variables_map& values,
                                                 FileArguments& to) {
  to.freeze = values.count("freeze") != 0;
  to.events = values.count("events") != 0;
  const auto seed = seed_of(values);
  if (!seed) return tl::unexpected(seed.error());
  to.seed = *seed;
  if (to.seed && !to.freeze && !to.events) {
    return tl::unexpected(std::string("--seed is for --freeze and --events"));
  }
  if (to.freeze && to.events) {
    return tl::unexpected(std::string("--freeze and --events are two questions: ask one"));
  }
  if (to.events != (values.count("around") != 0)) {
    return tl::unexpected(std::string("--events and --around T belong together"));
  }
  if (!to.events) return {};
  const auto around = parse_duration(text_of(values, "around"));
  if (!around) return tl::unexpected("--around: " + around.error());
  to.around = *around;
  return {};
}

}  // namespace

std::string text_of(const po::variables_map& values, const char* name) {
  return values.count(name) == 0 ? std::string() : values[name].as<std::string>();
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

tl::expected<std::optional<std::uint64_t>, std::string> seed_of(const po::variables_map& values) {
  if (values.count("seed") == 0) return std::nullopt;
  const auto seed = parse_number(text_of(values, "seed"));
  if (seed) return seed;
  return tl::unexpected(
      fmt::format("--seed takes a number from 0 to 2^64 - 1, not '{}'", text_of(values, "seed")));
}

tl::expected<Overrides, std::string> overrides_of(const po::variables_map& values,
                                                  const std::string& name) {
  Overrides overrides;
  if (values.count(name) == 0) return overrides;
  for (const std::string& text : values[name].as<Texts>()) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      return tl::unexpected(
          fmt::format("--{} takes KEY=VALUE, as in protocol.k=2, not '{}'", name, text));
    }
    if (!is_utf8(text)) {
      return tl::unexpected(fmt::format("--{} {} is no UTF-8", name, printable(text, Lines::one)));
    }
    overrides.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return overrides;
}

std::vector<std::string> paths_of(const po::variables_map& values) {
  std::vector<std::string> paths = positional_arguments(values);
  std::replace(paths.begin(), paths.end(), std::string("-"), std::string("/dev/stdin"));
  return paths;
}

tl::expected<FileArguments, std::string> parse_file_arguments(const FileCommand& command,
                                                              const Texts& arguments) {
  const CommandManual manual = manual_of(command);
  const auto read = read_command_line(manual.options, arguments);
  if (!read) return tl::unexpected(read.error());
  const po::variables_map& values = *read;
  FileArguments to;
  to.help = values.count("help") != 0;
  to.strict = command.takes_strict && values.count("strict") != 0;
  to.paths = paths_of(values);
  if (command.takes_run) {
    if (auto read_run = read_run_options(values, to); !read_run) {
      return tl::unexpected(read_run.error());
    }
  }
  if (!command.takes_overrides) return to;
  auto overrides = overrides_of(values, "set");
  if (!overrides) return tl::unexpected(overrides.error());
  to.overrides = std::move(*overrides);
  return to;
}

CommandManual manual_of(const FileCommand& command) {
  CommandManual manual;
  manual.name = command.name;
  manual.operands = command.operands;
  manual.summary = command.summary;
  manual.about = command.about;
  manual.takes_files = true;
  if (command.takes_overrides) {
    manual.options.add_options()(
        "set", po::value<Texts>()->value_name("KEY=VALUE"),
        "override a key of the scenario, as in protocol.k=2; may be repeated");
  }
  if (command.takes_run) {
    auto add = manual.options.add_options();
    add("freeze", "spell out all that a run draws, as steps");
    add("events", "what happens in a run around a time");
    add("around", po::value<std::string>()->value_name("T"), "of --events: that time, as in 90s");
    add("seed", po::value<std::string>()->value_name("N"), "of that run (default: the scenario's)");
  }
  if (command.takes_strict) manual.options.add_options()("strict", "take warnings for errors");
  manual.options.add_options()("help", "print this text");
  return manual;
}

}  // namespace macula::sim
