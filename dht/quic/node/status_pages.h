// The pages that monitors ask of a running node.
//
//   StatusPages pages(live, readiness, lookups, role, started);
//   pages.at("/livez", now);     // 200 as long as the node's loop turns: else restart it
//   pages.at("/readyz", now);    // {"status":"healthy",...}; 503 and a reason: it reaches nobody
//   pages.at("/health", now);    // the same
//   pages.at("/metrics", now);   // for Prometheus, text format 0.0.4
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "dht/quic/node/http_server.h"
#include "dht/quic/node/live_node.h"
#include "dht/quic/node/lookup_metrics.h"
#include "dht/quic/node/readiness.h"
#include "dht/quic/node/settings.h"

namespace macula::dht::quic {

class StatusPages {
 public:
  // All must outlive it.
  StatusPages(const LiveNode& live, const Readiness& readiness, const LookupMetrics& lookups,
              Role role, Time started)
      : live_(live), readiness_(readiness), lookups_(lookups), role_(role), started_(started) {}

  [[nodiscard]] std::optional<HttpPage> at(std::string_view path, Time now) const;

 private:
  [[nodiscard]] HttpPage ready(Time now) const;
  [[nodiscard]] HttpPage metrics(Time now) const;

  const LiveNode& live_;
  const Readiness& readiness_;
  const LookupMetrics& lookups_;
  Role role_;
  Time started_;
};

}  // namespace macula::dht::quic
