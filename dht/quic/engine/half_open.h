// Inbound connections whose handshake is not done, by the owner of the address that they come from.
//
//   half_open.add(remote, id, connection);  half_open.remove(remote, id);
//   half_open.first_to_go()->drop();    // whoever has most gives way, and of those the oldest
#pragma once

#include <cstddef>
#include <map>

#include "dht/contact/endpoint.h"
#include "dht/quic/engine/engine.h"

namespace macula::dht::quic {

class Connection;

class HalfOpen {
 public:
  void add(const dht::Endpoint& remote, ConnectionId id, Connection& connection) {
    by_owner_[owner_of(remote)].emplace(id, &connection);
    ++size_;
  }
  void remove(const dht::Endpoint& remote, ConnectionId id) {
    const auto at = by_owner_.find(owner_of(remote));
    at->second.erase(id);
    if (at->second.empty()) by_owner_.erase(at);
    --size_;
  }
  // nullptr: there is none.
  [[nodiscard]] Connection* first_to_go() const {
    const std::map<ConnectionId, Connection*>* most = nullptr;
    for (const auto& [owner, connections] : by_owner_) {
      if (most == nullptr || connections.size() > most->size()) most = &connections;
    }
    return most == nullptr ? nullptr : most->begin()->second;
  }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  std::map<transport::Owner, std::map<ConnectionId, Connection*>> by_owner_;
  std::size_t size_ = 0;
};

}  // namespace macula::dht::quic
