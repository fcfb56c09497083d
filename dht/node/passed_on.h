// Requests of others that this node has passed on, and whose answers it waits for.
//
//   PassedOn<wire::CallId> routes(host, 4096);
//   const auto slot = routes.add(asker, request, route, bytes);  // nothing: it has its share
//   routes.sent(*slot, host.request(next, message, timeout, token));
//   const auto done = routes.take(slot);                  // answered, or failed
//   routes.give_up(request);              // nobody waits: what was sent is cancelled
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <utility>

#include "dht/node/shares.h"
#include "dht/node/slots.h"
#include "dht/record/boxed.h"
#include "dht/transport.h"

namespace macula::dht {

template <typename What>
class PassedOn {
 public:
  struct Entry {
    InboundId request;
    What what;
    NodeId asker;
    std::size_t shares;
    RequestId sent{};
  };

  // At most `limit` at a time, shared by those who ask; one that is large counts for several.
  PassedOn(Host& host, std::size_t limit) : host_(&host), limit_(limit) {}

  // `bytes`: of the message, about: it is kept until its answer has come.
  [[nodiscard]] std::optional<std::size_t> add(const NodeId& asker, InboundId request, What what,
                                               std::size_t bytes) {
    UnderWay& all = under_way_.make(limit_);
    const std::size_t shares = 1 + bytes / kBytesOfShare;
    if (!all.shares.take(asker, shares)) return std::nullopt;
    const std::size_t slot = all.entries.add({request, std::move(what), asker, shares});
    all.slots.emplace(request, slot);
    return slot;
  }
  void sent(std::size_t slot, RequestId id) { under_way_.get()->entries[slot].sent = id; }
  [[nodiscard]] Entry take(std::size_t slot) {
    UnderWay& all = *under_way_.get();
    Entry entry = all.entries.take(slot);
    all.slots.erase(entry.request);
    all.shares.give_back(entry.asker, entry.shares);
    return entry;
  }
  // No effect on what is none of these.
  void give_up(InboundId request) {
    const UnderWay* all = under_way_.get();
    if (all == nullptr) return;
    const auto at = all->slots.find(request);
    if (at != all->slots.end()) host_->cancel(take(at->second).sent);
  }

  [[nodiscard]] std::size_t size() const {
    const UnderWay* all = under_way_.get();
    return all != nullptr ? all->entries.size() : 0;
  }

 private:
  static constexpr std::size_t kBytesOfShare = std::size_t{16} << 10;

  struct UnderWay {
    explicit UnderWay(std::size_t limit) : shares(limit) {}

    Shares shares;
    Slots<Entry> entries{};
    std::map<InboundId, std::size_t> slots{};
  };

  Host* host_;
  std::size_t limit_;
  Boxed<UnderWay> under_way_;  // made with the first: most nodes pass nothing on
};

}  // namespace macula::dht
