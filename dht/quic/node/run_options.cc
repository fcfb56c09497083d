#include "dht/quic/node/run_options.h"

#include <fmt/format.h>

#include <boost/program_options.hpp>

#include "base/command_line/command_line.h"

namespace macula::dht::quic {
namespace {

namespace po = boost::program_options;
using Error = tl::unexpected<std::string>;
using Texts = std::vector<std::string>;

void add_options(po::options_description& options) {
  const auto value = [](const char* name) { return po::value<Texts>()->value_name(name); };
  auto add = options.add_options();
  add("listen", value("ADDR:PORT"), "where to listen (default 127.0.0.1:9443); port 0: a free one");
  add("bootstrap", value("HOST:PORT...")->multitoken(),
      "nodes to join through, by address or name; none: the first of a network");
  add("role", value("bootstrap|gateway|edge"), "which part it plays");
  add("data", value("DIR"), "identity and contacts, kept over restarts (default: kept nowhere)");
  add("health", value("ADDR:PORT"),
      "where to serve /readyz (or /health), /livez and /metrics (default 127.0.0.1:8080)");
  add("config", value("FILE"), "a TOML file with these options as keys; options win over it");
  add("announce", value("ADDR:PORT"), "what others are told to reach this node at");
  add("identity", value("bound|unbound"), "unbound: peers may claim any id (for replays only)");
  add("profile", value("NAME"), "protocol: kademlia (default) or macula-0.8");
  add("help", "print this text");
}

tl::expected<void, std::string> read_one(const std::string& name, const Texts& texts,
                                         RunArguments& to) {
  if (name != "bootstrap" && texts.size() > 1) return Error(fmt::format("--{} given twice", name));
  if (name == "config") {
    to.config = texts.front();
    if (to.config.empty()) return Error("--config takes the name of a file");
    return {};
  }
  for (const std::string& text : texts) {
    if (auto set = set_setting(to.settings, name, text); !set) {
      return Error(fmt::format("--{}: {}", name, set.error()));
    }
  }
  return {};
}

}  // namespace

tl::expected<RunArguments, std::string> parse_run_arguments(const Texts& arguments) {
  const CommandManual manual = run_manual();
  const auto values = read_command_line(manual.options, arguments);
  if (!values) return Error(values.error());
  RunArguments to;
  to.help = values->count("help") != 0;
  if (to.help) return to;
  if (const auto rest = positional_arguments(*values); !rest.empty()) {
    return Error(fmt::format("run takes options only, not '{}'", rest.front()));
  }
  for (const auto& [name, value] : *values) {
    if (auto read = read_one(name, value.as<Texts>(), to); !read) return Error(read.error());
  }
  return to;
}

CommandManual run_manual() {
  CommandManual manual;
  manual.name = "run";
  manual.summary = "run a node";
  manual.about =
      "Runs a node until SIGINT or SIGTERM ends it in an orderly way; a second one ends it at\n"
      "once. Without options it runs on this machine alone. Where nobody asked for a port and\n"
      "the usual one is taken, a free one is used. What it listens on is printed.\n"
      "Ends with 0 when it was stopped, 2 on bad input, wrong usage or a place that cannot be\n"
      "used.\n";
  add_options(manual.options);
  return manual;
}

}  // namespace macula::dht::quic
