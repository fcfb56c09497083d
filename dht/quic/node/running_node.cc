#include "dht/quic/node/running_node.h"

#include <fmt/format.h>

#include <cerrno>
#include <utility>

#include "dht/quic/node/log.h"
#include "dht/quic/udp/socket_address.h"

namespace macula::dht::quic {
namespace {

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

Role role_of(const Settings& settings) {
  return settings.role.value_or(settings.bootstrap.empty() ? Role::bootstrap : Role::edge);
}

}  // namespace

tl::expected<std::unique_ptr<RunningNode>, std::string> RunningNode::open(
    Loop& loop, const Settings& settings, DataFolder* data, Resolver::System resolve) {
  const auto config = live_config(settings, data);
  if (!config) return tl::unexpected(config.error());
  auto application =
      std::make_unique<CommandApplication>(loop, std::string(), std::string(), ChildLimits{});
  auto live = LiveNode::open(loop, *config, *application);
  if (!live) return tl::unexpected(live.error());
  std::unique_ptr<RunningNode> running(new RunningNode(loop, settings, data, !config->known.empty(),
                                                       std::move(application), std::move(*live),
                                                       std::move(resolve)));
  const StatusPages& pages = running->pages_;
  auto http = open_http(loop, settings, [&loop, &pages](std::string_view path) {
    return pages.at(path, loop.now());
  });
  if (!http) return tl::unexpected(http.error());
  running->http_ = std::move(*http);
  return running;
}

RunningNode::RunningNode(Loop& loop, const Settings& settings, DataFolder* data, bool known,
                         std::unique_ptr<CommandApplication> application,
                         std::unique_ptr<LiveNode> live, Resolver::System resolve)
    : loop_(loop),
      application_(std::move(application)),
      live_(std::move(live)),
      readiness_(loop, *live_, known),
      role_(role_of(settings)),
      known_(known),
      pages_(*live_, readiness_, lookups_, role_, loop.now()),
      saver_(loop, *live_, data),
      names_(
          loop, std::move(resolve), settings.bootstrap,
          [this](const Endpoint& endpoint) { return use_of(endpoint); },
          [this](const std::vector<Endpoint>& endpoints) { start(endpoints); }) {
  application_->attach(live_->node());
  application_->listen(
      {[this](const Endpoint& endpoint, ContactRef contact) { on_bootstrap(endpoint, contact); },
       [this](const LookupReport& report) { lookups_.add(report); }});
  live_->on_keep_contacts([this](ContactMarks& marks) { readiness_.keep_contacts(marks); });
}

void RunningNode::begin() {
  names_.start([this](const std::vector<Endpoint>& endpoints) { start(endpoints); });
}

// The first time, and whenever the bootstrap nodes have other addresses.
void RunningNode::start(const std::vector<Endpoint>& endpoints) {
  if (live_->leaving()) return;
  Node& node = live_->node();
  // Not from inside a call of the host, whose time may be an old one.
  live_->host().advance(loop_.now());
  node.set_endpoints(endpoints);
  if (node.running()) return;
  if (endpoints.empty() && !known_ && !names_.nobody()) return;
  if (names_.nobody() && !known_ && names_.configured()) {
    log("no bootstrap node but this node itself: it is the first of a network");
  }
  node.start();
}

void RunningNode::on_bootstrap(const Endpoint& endpoint, ContactRef contact) {
  if (contact == kNoContact) {
    log(fmt::format("no answer from {}", format_endpoint(endpoint)));
    names_.on_silent(endpoint);
  } else if (live_->book().id(contact) == live_->self().id) {
    log(fmt::format("{} is this node itself: ignored", format_endpoint(endpoint)));
  } else {
    log(fmt::format("met {} at {}", id_to_hex(live_->book().id(contact)),
                    format_endpoint(endpoint)));
  }
}

BootstrapNames::Use RunningNode::use_of(const Endpoint& endpoint) const {
  const Endpoint local = live_->socket().local();
  const bool own = endpoint == local || endpoint == live_->self().endpoint ||
                   (is_wildcard(local) && endpoint.port == local.port && is_own_address(endpoint));
  if (own) return BootstrapNames::Use::self;
  return live_->socket().reaches(endpoint) ? BootstrapNames::Use::good
                                           : BootstrapNames::Use::unreachable;
}

}  // namespace macula::dht::quic
