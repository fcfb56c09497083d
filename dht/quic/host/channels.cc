#include "dht/quic/host/channels.h"

#include <algorithm>

#include "dht/quic/host/peer.h"

namespace macula::dht::quic::host {
namespace {

// The least used are idle, if any is: a search through many busy ones would be in vain.
constexpr int kMostLookedAt = 64;

}  // namespace

Channel& Channels::add(ConnectionId id, bool dialled, const dht::Endpoint& remote) {
  const Handle handle = channels_.add();
  Channel& channel = *channels_.find(handle);
  channel.handle = handle;
  channel.id = id;
  channel.dialled = dialled;
  if (dialled) channel.dial = static_cast<std::uint64_t>(id);
  channel.remote = remote;
  channel.since = core_->now;
  by_id_.set(static_cast<std::uint64_t>(id), handle);
  by_use_.push_back(channel);
  return channel;
}

void Channels::remove(Channel& channel) {
  by_id_.erase(static_cast<std::uint64_t>(channel.id));
  by_use_.remove(channel);
  channels_.remove(channel.handle);
}

Channel* Channels::find(ConnectionId id) {
  return channels_.find(by_id_.get(static_cast<std::uint64_t>(id)));
}

void Channels::used(Channel& channel) {
  by_use_.remove(channel);
  by_use_.push_back(channel);
}

Channel* Channels::least_used_idle(const Channel* except) {
  int looked_at = 0;
  Channel* next = by_use_.front();
  while (Channel* const each = next) {
    next = by_use_.next(*each);
    // One that has just come up has not yet had its say.
    const bool young =
        !each->greeted && core_->now - each->since < core_->config.engine.handshake_timeout;
    const bool tied = std::any_of(each->peers.begin(), each->peers.end(),
                                  [](const Peer* peer) { return peer->tied; });
    if (tied) {
      used(*each);
    } else if (each != except && !young && quiet(*each)) {
      return each;
    }
    if (++looked_at == kMostLookedAt) break;
  }
  return nullptr;
}

}  // namespace macula::dht::quic::host
