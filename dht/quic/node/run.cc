#include "dht/quic/node/run.h"

#include <fmt/format.h>

#include <csignal>
#include <iostream>

#include "base/text/diagnostic.h"
#include "dht/quic/node/command_application.h"
#include "dht/quic/node/config_file.h"
#include "dht/quic/node/contact_saver.h"
#include "dht/quic/node/exit_code.h"
#include "dht/quic/node/http_server.h"
#include "dht/quic/node/joiner.h"
#include "dht/quic/node/live_node.h"
#include "dht/quic/node/log.h"
#include "dht/quic/node/orderly_end.h"
#include "dht/quic/node/run_options.h"
#include "dht/quic/node/status_pages.h"

namespace macula::dht::quic {
namespace {

constexpr Duration kClosePatience = std::chrono::seconds(5);
constexpr std::uint32_t kLoopback = 0x7f000001;

// Nothing: `code` is to be returned.
std::optional<Settings> read_settings(const std::vector<std::string>& arguments, int& code) {
  const auto parsed = parse_run_arguments(arguments);
  code = kBadInput;
  if (!parsed) {
    log("run: " + parsed.error() + "; see 'macula-node run --help'");
    return std::nullopt;
  }
  if (parsed->help) {
    std::cout << help_text("macula-node", run_manual());
    code = kDone;
    return std::nullopt;
  }
  if (parsed->config.empty()) return parsed->settings;
  auto config = read_config(parsed->config);
  if (!config) {
    std::cerr << format(config.error());
    return std::nullopt;
  }
  return merge(parsed->settings, std::move(*config));
}

tl::expected<LiveConfig, std::string> live_config(const Settings& settings,
                                                  const DataFolder* data) {
  LiveConfig config;
  config.listen = settings.listen.value_or(make_ipv4(kLoopback, kNodePort));
  config.any_port = !settings.listen;
  config.announce = settings.announce;
  config.identity = data != nullptr ? data->identity() : make_identity();
  if (data != nullptr) config.known = data->contacts();
  config.unbound = settings.unbound.value_or(false);
  config.protocol = *find_profile(settings.profile.value_or("kademlia"));
  if (is_wildcard(config.listen) && !config.announce) {
    return tl::unexpected(fmt::format(
        "{} is every address of this machine: say with --announce which one others are told",
        format_endpoint(config.listen)));
  }
  return config;
}

tl::expected<std::unique_ptr<HttpServer>, std::string> open_http(Loop& loop,
                                                                 const Settings& settings,
                                                                 const HttpServer::Pages& pages) {
  Endpoint endpoint = settings.health.value_or(make_ipv4(kLoopback, kHealthPort));
  auto server = HttpServer::open(loop, endpoint, pages);
  if (!server && server.error().code == EADDRINUSE && !settings.health) {
    endpoint.port = 0;
    server = HttpServer::open(loop, endpoint, pages);
  }
  if (!server) return tl::unexpected("cannot listen on " + server.error().message);
  return std::move(*server);
}

void print_start(const LiveNode& live, const HttpServer& http, Role role) {
  const Contact self = live.self();
  std::cout << "listening on " << format_endpoint(live.socket().local()) << '\n';
  if (!(self.endpoint == live.socket().local())) {
    std::cout << "announced as " << format_endpoint(self.endpoint) << '\n';
  }
  std::cout << "health on http://" << format_endpoint(http.local()) << "/health\n"
            << role_name(role) << " node " << id_to_hex(self.id) << std::endl;
}

int run_with(const Settings& settings, Loop& loop, DataFolder* data) {
  const auto config = live_config(settings, data);
  if (!config) {
    log(config.error());
    return kBadInput;
  }
  CommandApplication application(loop, {}, {}, {});
  auto live = LiveNode::open(loop, *config, application);
  if (!live) {
    log(live.error());
    return kBadInput;
  }
  LiveNode& node = **live;
  application.attach(node.node());
  const bool founder = settings.bootstrap.empty();
  const Role role = settings.role.value_or(founder ? Role::bootstrap : Role::edge);
  const StatusPages pages(node, role, founder, loop.now());
  auto http =
      open_http(loop, settings, [&](std::string_view path) { return pages.at(path, loop.now()); });
  if (!http) {
    log(http.error());
    return kBadInput;
  }
  print_start(node, **http, role);
  if (founder || !config->known.empty()) node.node().start();
  Joiner joiner(loop, node);
  joiner.start(settings.bootstrap);
  ContactSaver saver(loop, node, data);
  OrderlyEnd end(loop, node, kClosePatience);
  end.on_begin([&] {
    joiner.stop();
    saver.save();
  });
  loop.run();
  return kDone;
}

}  // namespace

int run_node(const std::vector<std::string>& arguments) {
  int code = kBadInput;
  const auto settings = read_settings(arguments, code);
  if (!settings) return code;
  auto loop = Loop::create();
  if (!loop) {
    log(loop.error());
    return kBadInput;
  }
  if (settings->unbound.value_or(false)) {
    log("identity is unbound: any peer may claim any id; for replaying published ids only");
  }
  if (!settings->data) {
    log("no --data: a new identity, kept nowhere");
    return run_with(*settings, **loop, nullptr);
  }
  auto data = DataFolder::open(*settings->data);
  if (!data) {
    log(data.error());
    return kBadInput;
  }
  return run_with(*settings, **loop, &*data);
}

}  // namespace macula::dht::quic
