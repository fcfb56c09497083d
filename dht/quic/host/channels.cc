#include "dht/quic/host/channels.h"

#include <algorithm>
#include <chrono>

#include "base/check.h"
#include "dht/quic/host/peer.h"

namespace macula::dht::quic::host {
namespace {

// The least used are idle, if any is: a search through many busy ones would be in vain.
constexpr int kMostLookedAt = 64;

// A peer with nothing under way for so long is idle. A peer has pauses between what it asks, and in
// a flood of others that are never idle it would be the one to go.
constexpr Duration kIdleAfter = std::chrono::seconds(1);

// A gateway keeps as many nodes behind it as there are. But others can make as many of these as
// they like, and of those that were of use or have not yet had their say: beyond this part of all
// that the engine takes even they go.
constexpr std::size_t kPartOfConnections = 2;

void keep_first(Channel*& kept, Channel& each) {
  if (kept == nullptr) kept = &each;
}

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

// The one over which such a node is reached: whoever has announced itself may make many.
bool Channels::tied(const Channel& channel) const {
  return std::any_of(channel.peers.begin(), channel.peers.end(),
                     [&](const Peer* peer) { return peer->tied && peer->way == &channel; });
}

Channel* Channels::least_useful(const Channel* added) {
  Channel* useful = nullptr;
  Channel* busy = nullptr;
  Channel* young = nullptr;
  Channel* dear = nullptr;
  Channel* next = by_use_.front();
  for (int looked_at = 0; next != nullptr && looked_at < kMostLookedAt; ++looked_at) {
    Channel* const each = next;
    next = by_use_.next(*each);
    const bool is_tied = tied(*each);
    if (is_tied) used(*each);
    if (each == added) continue;
    // One that has just come up has not yet had its say.
    const bool is_young =
        !each->greeted && core_->now - each->since < core_->config.engine.handshake_timeout;
    if (!is_tied && !is_young && quiet(*each)) {
      if (!each->useful) return each;
      keep_first(useful, *each);
    } else if (!is_tied && !is_young && !each->useful && each->connected && added != nullptr) {
      keep_first(busy, *each);
    } else if (!each->dialled) {
      keep_first(is_young && !is_tied ? young : dear, *each);
    }
  }
  const bool far_too_many =
      by_use_.size() > core_->config.engine.max_connections / kPartOfConnections;
  if (useful != nullptr) return useful;
  if (busy != nullptr || !far_too_many) return busy;
  return young != nullptr ? young : dear;
}

Channel* Channels::crowded(const Channel& added, const std::function<bool(const Channel&)>& same,
                           std::size_t most) {
  Channel* idle = nullptr;
  Channel* busy = nullptr;
  Channel* useful = nullptr;
  std::size_t count = 1;
  for (Channel* each = by_use_.front(); each != nullptr; each = by_use_.next(*each)) {
    if (each == &added || !each->connected || each->dialled || !same(*each)) continue;
    ++count;
    if (each->useful || tied(*each)) {
      keep_first(useful, *each);
      continue;
    }
    keep_first(busy, *each);
    if (idle == nullptr && core_->now - each->last_used >= kIdleAfter && quiet(*each)) idle = each;
  }
  if (count <= most) return nullptr;
  if (idle != nullptr) return idle;
  return busy != nullptr ? busy : useful;
}

void Channels::check_invariants() const {
  MACULA_CHECK(channels_.size() == by_use_.size() && by_id_.size() == by_use_.size());
}

}  // namespace macula::dht::quic::host
