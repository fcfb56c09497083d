// Requests of others that this node has passed on, and whose answers it waits for.
//
//   PassedOn<Route> routes(host, 4096);
//   const auto slot = routes.add(asker, request, route);  // nothing: its asker has its share
//   routes.sent(*slot, host.request(next, .., token of *slot));
//   const auto done = routes.take(slot);                  // answered, or failed
//   routes.give_up(request);              // nobody waits: what was sent is cancelled
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <utility>

#include "dht/node/shares.h"
#include "dht/node/slots.h"
#include "dht/transport.h"

namespace macula::dht {

template <typename What>
class PassedOn {
 public:
  struct Entry {
    InboundId request;
    What what;
    NodeId asker;
    RequestId sent{};
  };

  // At most `limit` at a time, shared by those who ask.
  PassedOn(Host& host, std::size_t limit) : host_(&host), shares_(limit) {}

  [[nodiscard]] std::optional<std::size_t> add(const NodeId& asker, InboundId request, What what) {
    if (!shares_.take(asker)) return std::nullopt;
    const std::size_t slot = entries_.add({request, std::move(what), asker});
    slots_.emplace(request, slot);
    return slot;
  }
  void sent(std::size_t slot, RequestId id) { entries_[slot].sent = id; }
  [[nodiscard]] Entry take(std::size_t slot) {
    Entry entry = entries_.take(slot);
    slots_.erase(entry.request);
    shares_.give_back(entry.asker);
    return entry;
  }
  // No effect on what is none of these.
  void give_up(InboundId request) {
    const auto at = slots_.find(request);
    if (at != slots_.end()) host_->cancel(take(at->second).sent);
  }

  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  Host* host_;
  Shares shares_;
  Slots<Entry> entries_;
  std::map<InboundId, std::size_t> slots_;
};

}  // namespace macula::dht
