// Which node listens at an endpoint.
#pragma once

#include <map>

#include "dht/contact/endpoint.h"
#include "sim/net/link.h"

namespace macula::sim {

class EndpointIndex {
 public:
  // The first node of an endpoint keeps it.
  void add(const dht::Endpoint& endpoint, NodeNumber node) { nodes_.emplace(endpoint, node); }
  // kNoNode where nobody listens.
  [[nodiscard]] NodeNumber find(const dht::Endpoint& endpoint) const {
    const auto found = nodes_.find(endpoint);
    return found != nodes_.end() ? found->second : kNoNode;
  }

 private:
  struct Before {
    bool operator()(const dht::Endpoint& a, const dht::Endpoint& b) const {
      return a.address != b.address ? a.address < b.address : a.port < b.port;
    }
  };

  std::map<dht::Endpoint, NodeNumber, Before> nodes_;
};

}  // namespace macula::sim
