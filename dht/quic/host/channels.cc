#include "dht/quic/host/channels.h"

#include <algorithm>
#include <chrono>

#include "base/check.h"
#include "dht/quic/host/peer.h"

namespace macula::dht::quic::host {
namespace {

// The least used are idle, if any is: a search through many busy ones would be in vain.
constexpr int kMostLookedAt = 64;

// Whoever has nothing under way for so long is idle. A peer has pauses between what it asks, and in
// a flood of others that are never idle it would be the one to go.
constexpr Duration kIdleAfter = std::chrono::seconds(1);

}  // namespace

Channel& Channels::add(ConnectionId id, bool dialled, const dht::Endpoint& remote) {
  const Handle handle = channels_.add();
  Channel& channel = *channels_.find(handle);
  channel.handle = handle;
  channel.id = id;
  channel.dialled = dialled;
  channel.useful = dialled;
  if (dialled) channel.dial = static_cast<std::uint64_t>(id);
  channel.remote = remote;
  channel.since = channel.last_used = core_->now;
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
  channel.last_used = core_->now;
  by_use_.remove(channel);
  by_use_.push_back(channel);
}

bool Channels::tied(const Channel& channel) const {
  return std::any_of(channel.peers.begin(), channel.peers.end(),
                     [](const Peer* peer) { return peer->tied; });
}

Channel* Channels::least_useful(const Channel* added) {
  Channel* useful = nullptr;
  Channel* busy = nullptr;
  int looked_at = 0;
  Channel* next = by_use_.front();
  while (Channel* const each = next) {
    next = by_use_.next(*each);
    // One that has just come up has not yet had its say.
    const bool young =
        !each->greeted && core_->now - each->since < core_->config.engine.handshake_timeout;
    if (tied(*each)) {
      used(*each);
    } else if (each != added && !young && quiet(*each)) {
      if (!each->useful) return each;
      if (useful == nullptr) useful = each;
    } else if (added != nullptr && each != added && each->connected && !young && !each->useful &&
               busy == nullptr) {
      busy = each;
    }
    if (++looked_at == kMostLookedAt) break;
  }
  return useful != nullptr ? useful : busy;
}

Channel* Channels::crowded(const Channel& added, const std::function<bool(const Channel&)>& same,
                           std::size_t most) {
  Channel* idle = nullptr;
  Channel* busy = nullptr;
  std::size_t count = 1;
  for (Channel* each = by_use_.front(); each != nullptr; each = by_use_.next(*each)) {
    if (each == &added || !each->connected || each->useful || !same(*each) || tied(*each)) continue;
    ++count;
    if (busy == nullptr) busy = each;
    if (idle == nullptr && core_->now - each->last_used >= kIdleAfter && quiet(*each)) idle = each;
  }
  if (count <= most) return nullptr;
  return idle != nullptr ? idle : busy;
}

void Channels::check_invariants() const {
  MACULA_CHECK(channels_.size() == by_use_.size() && by_id_.size() == by_use_.size());
}

}  // namespace macula::dht::quic::host
