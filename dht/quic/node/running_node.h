// A node that stays, with all that belongs to it: what `macula-node run` runs, and its tests.
//
//   auto running = RunningNode::open(loop, settings, data);
//   (*running)->begin();                // looks up the names of its bootstrap nodes, and starts
//   (*running)->live().leave(patience);
//
// The node starts once it is known whom it is to join: an address of a bootstrap node, a contact of
// its former life, or nobody at all, as where every bootstrap node is this very node.
#pragma once

#include <memory>
#include <string>
#include <tl/expected.hpp>

#include "dht/quic/node/bootstrap_names.h"
#include "dht/quic/node/command_application.h"
#include "dht/quic/node/contact_saver.h"
#include "dht/quic/node/http_server.h"
#include "dht/quic/node/live_node.h"
#include "dht/quic/node/lookup_metrics.h"
#include "dht/quic/node/readiness.h"
#include "dht/quic/node/resolver.h"
#include "dht/quic/node/settings.h"
#include "dht/quic/node/status_pages.h"

namespace macula::dht::quic {

class RunningNode {
 public:
  // The loop and the folder, which may be missing, must outlive it. The error is for a person.
  [[nodiscard]] static tl::expected<std::unique_ptr<RunningNode>, std::string> open(
      Loop& loop, const Settings& settings, DataFolder* data,
      Resolver::System resolve = resolve_now);

  void begin();
  // Before it leaves.
  void save_contacts() { saver_.save(); }

  [[nodiscard]] LiveNode& live() { return *live_; }
  [[nodiscard]] const HttpServer& http() const { return *http_; }
  [[nodiscard]] const StatusPages& pages() const { return pages_; }
  [[nodiscard]] Role role() const { return role_; }

 private:
  RunningNode(Loop& loop, const Settings& settings, DataFolder* data, bool known,
              std::unique_ptr<CommandApplication> application, std::unique_ptr<LiveNode> live,
              Resolver::System resolve);
  void start(const std::vector<Endpoint>& endpoints);
  void on_bootstrap(const Endpoint& endpoint, ContactRef contact);
  // The use of an endpoint as that of a bootstrap node.
  [[nodiscard]] BootstrapNames::Use use_of(const Endpoint& endpoint) const;

  Loop& loop_;
  std::unique_ptr<CommandApplication> application_;
  std::unique_ptr<LiveNode> live_;
  LookupMetrics lookups_;
  Readiness readiness_;
  Role role_;
  bool known_;  // contacts of a former life
  StatusPages pages_;
  std::unique_ptr<HttpServer> http_;
  ContactSaver saver_;
  BootstrapNames names_;
};

}  // namespace macula::dht::quic
