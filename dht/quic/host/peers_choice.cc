// Which of two connections to a peer stays; the rules stand at the head of peers.h.
#include <algorithm>

#include "dht/quic/host/inbox.h"
#include "dht/quic/host/peers.h"

namespace macula::dht::quic::host {

void Peers::attach(Channel& channel, Peer& peer) {
  if (std::find(channel.peers.begin(), channel.peers.end(), &peer) != channel.peers.end()) return;
  channel.peers.push_back(&peer);
  peer.channels.push_back(&channel);
}

void Peers::lead_to(Channel& channel, ContactRef contact) {
  if (is_self(contact)) return;
  Peer& peer = of(contact);
  attach(channel, peer);
  choose(peer);
}

bool Peers::reached(ContactRef contact) {
  const Peer* peer = peers_.find(by_contact_.get(static_cast<std::uint64_t>(contact)));
  if (peer == nullptr) return false;
  return std::any_of(peer->channels.begin(), peer->channels.end(), [&](const Channel* channel) {
    return channel->connected && channel->remote == core_->book.endpoint(contact);
  });
}

bool Peers::preferred(const Channel& one, const Channel& other, const Peer& peer) const {
  if (one.greeted != other.greeted) return one.greeted;
  if (one.connected != other.connected) return one.connected;
  if (one.dialled != other.dialled) {
    return one.dialled == (core_->book.id(core_->self) < core_->book.id(peer.contact));
  }
  if (one.dial != other.dial) return one.dial > other.dial;
  return one.id > other.id;
}

// A connection is given up only for one on which the peer has said who it is: that one it knows as
// a way to this end, and would not give it up in turn.
void Peers::choose(Peer& peer) {
  Channel* best = nullptr;
  for (Channel* each : peer.channels) {
    if (each->draining) continue;
    if (best == nullptr || preferred(*each, *best, peer)) best = each;
  }
  peer.way = best;
  if (best == nullptr || !best->greeted) return;
  const std::vector<Channel*> channels = peer.channels;
  for (Channel* each : channels) {
    const bool ours_to_end = each->dialled || best->dialled;
    if (each != best && !each->draining && each->greeted && ours_to_end) drain(*each, *best);
  }
}

bool Peers::serves(const Channel& channel, const Peer& peer) const {
  const NodeId& id = core_->book.id(peer.contact);
  return core_->config.unbound || id == NodeId{} || id == channel.proven;
}

void Peers::drain(Channel& channel, Channel& successor) {
  channel.draining = true;
  draining_.push_back(channel.handle);
  ++core_->counters.duplicates;
  for (Peer* peer : channel.peers) {
    if (!serves(successor, *peer)) {
      if (peer->way == &channel) choose(*peer);
      continue;
    }
    attach(successor, *peer);
    if (peer->way == &channel) peer->way = &successor;
  }
}

void Peers::pump(Peer& peer) {
  Outbound* each = peer.waiting.front();
  while (each != nullptr && peer.way != nullptr) {
    Outbound* const next = peer.waiting.next(*each);
    if (Outbox::may_start(*each, *peer.way)) outbox_->start(*each, *peer.way);
    each = next;
  }
}

}  // namespace macula::dht::quic::host
