#include "dht/quic/node/client_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/program_options.hpp>

#include "base/command_line/command_line.h"
#include "base/text/units.h"
#include "dht/quic/node/settings.h"
#include "dht/quic/udp/socket_address.h"

namespace macula::dht::quic {
namespace {

namespace po = boost::program_options;
using Error = tl::unexpected<std::string>;
using Text = std::string;

constexpr Duration kLongestTimeout = std::chrono::hours(1);

void add_options(const ClientUsage& usage, po::options_description& options) {
  const auto value = [](const char* name) { return po::value<Text>()->value_name(name); };
  auto add = options.add_options();
  add("via", value("ADDR:PORT"), "the node to ask (default 127.0.0.1:9443)");
  add("timeout", value("5s"),
      usage.provides ? "how long the advertising, and each run of CMD, may take (default 5s)"
                     : "for the whole (default 5s)");
  add("json", "write the result as JSON");
  add("identity", value("bound|unbound"), "unbound: peers may claim any id (for replays only)");
  if (usage.provides) {
    add("exec", value("CMD"), "answer calls by this shell command");
    add("listen", value("ADDR:PORT"), "where callers reach it (default: a free port)");
  }
  add("help", "print this text");
}

tl::expected<void, std::string> read_endpoints(const po::variables_map& values,
                                               ClientArguments& to) {
  to.via = make_ipv4(kLoopback, kNodePort);
  if (values.count("via") != 0) {
    const auto via = parse_endpoint(values["via"].as<Text>());
    if (!via || is_wildcard(*via)) {
      return Error(fmt::format("--via takes ADDR:PORT, as in 127.0.0.1:9443, not '{}'",
                               values["via"].as<Text>()));
    }
    to.via = *via;
  }
  if (values.count("listen") != 0) {
    to.listen = parse_listen_endpoint(values["listen"].as<Text>());
    if (!to.listen || is_wildcard(*to.listen)) {
      return Error(fmt::format("--listen takes ADDR:PORT of one address, not '{}'",
                               values["listen"].as<Text>()));
    }
  }
  return {};
}

tl::expected<void, std::string> read_timeout(const po::variables_map& values, ClientArguments& to) {
  if (values.count("timeout") == 0) return {};
  const auto timeout = parse_duration(values["timeout"].as<Text>());
  if (!timeout) return Error("--timeout: " + timeout.error());
  if (timeout->count() == 0 || *timeout > kLongestTimeout) {
    return Error("--timeout: more than nothing and at most an hour");
  }
  to.timeout = *timeout;
  return {};
}

tl::expected<void, std::string> read_identity(const po::variables_map& values,
                                              ClientArguments& to) {
  if (values.count("identity") == 0) return {};
  Settings settings;
  if (auto set = set_setting(settings, "identity", values["identity"].as<Text>()); !set) {
    return Error("--identity: " + set.error());
  }
  to.unbound = settings.unbound.value_or(false);
  return {};
}

tl::expected<void, std::string> check_words(const ClientUsage& usage,
                                            const ClientArguments& arguments) {
  const auto wanted =
      usage.words.empty() ? 0 : 1 + std::count(usage.words.begin(), usage.words.end(), ' ');
  if (arguments.words.size() == static_cast<std::size_t>(wanted)) return {};
  return Error(usage.words.empty()
                   ? fmt::format("takes options only, not '{}'", arguments.words.front())
                   : fmt::format("takes {}, not {} of them", usage.words, arguments.words.size()));
}

}  // namespace

tl::expected<ClientArguments, std::string> parse_client_arguments(
    const ClientUsage& usage, const std::vector<std::string>& arguments) {
  const CommandManual manual = manual_of(usage);
  const auto values = read_command_line(manual.options, arguments);
  if (!values) return Error(values.error());
  ClientArguments to;
  to.help = values->count("help") != 0;
  if (to.help) return to;
  to.words = positional_arguments(*values);
  to.json = values->count("json") != 0;
  if (values->count("exec") != 0) {
    to.exec = (*values)["exec"].as<Text>();
    if (to.exec.empty()) return Error("--exec takes a shell command");
  }
  for (const auto& read : {read_endpoints(*values, to), read_timeout(*values, to),
                           read_identity(*values, to), check_words(usage, to)}) {
    if (!read) return Error(read.error());
  }
  return to;
}

CommandManual manual_of(const ClientUsage& usage) {
  CommandManual manual;
  manual.name = usage.name;
  manual.operands = usage.words;
  manual.summary = usage.summary;
  manual.about =
      std::string(usage.about) +
      "\nEnds with 0 when done, 1 on timeout, not found, refused or unreachable, 2 on bad "
      "input or\nwrong usage.\n";
  add_options(usage, manual.options);
  return manual;
}

}  // namespace macula::dht::quic
