// What monitors ask of a running node: /health and /metrics.
//
//   StatusPages pages(live, role, started);
//   pages.at("/health");   // {"status":"healthy",...}; 503 while it looks for its network
//   pages.at("/metrics");  // for Prometheus, text format 0.0.4
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "dht/quic/node/http_server.h"
#include "dht/quic/node/live_node.h"
#include "dht/quic/node/settings.h"

namespace macula::dht::quic {

class StatusPages {
 public:
  // The node must outlive it. `founder`: it looks for no network, it is the first of its own.
  StatusPages(const LiveNode& live, Role role, bool founder, Time started)
      : live_(live), role_(role), founder_(founder), started_(started) {}

  [[nodiscard]] std::optional<HttpPage> at(std::string_view path, Time now) const;

  [[nodiscard]] bool healthy() const;

 private:
  [[nodiscard]] HttpPage health(Time now) const;
  [[nodiscard]] HttpPage metrics(Time now) const;

  const LiveNode& live_;
  Role role_;
  bool founder_;
  Time started_;
};

}  // namespace macula::dht::quic
