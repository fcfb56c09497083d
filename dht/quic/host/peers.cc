#include "dht/quic/host/peers.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "dht/quic/host/backoff.h"
#include "dht/quic/host/inbox.h"
#include "dht/quic/host/meetings.h"
#include "dht/wire/codec.h"

namespace macula::dht::quic::host {
namespace {

// The part of all connections that one address may have made.
constexpr std::size_t kShareOfAddress = 4;

}  // namespace

// ----- contacts -----

void Peers::start() {
  const Contact self = core_->book.contact(core_->self);
  if (!self.relay) return;
  const auto gateway = core_->book.intern({*self.relay, self.endpoint, std::nullopt});
  if (!gateway) return;
  gateway_ = *gateway;
  static_cast<void>(way(of(gateway_)));
}

bool Peers::is_self(ContactRef contact) const {
  return contact == core_->self || core_->book.has_id(contact, core_->book.id(core_->self));
}

bool Peers::has_way(ContactRef contact) const {
  if (!core_->book.is_relayed(contact)) return true;
  return *core_->book.contact(contact).relay == core_->book.id(core_->self);
}

std::optional<ContactRef> Peers::listener(const dht::Endpoint& endpoint) {
  if (gateway_ != kNoContact && core_->book.endpoint(gateway_) == endpoint) return gateway_;
  return core_->book.intern({NodeId{}, endpoint, std::nullopt});
}

Peer& Peers::of(ContactRef contact) {
  const auto key = static_cast<std::uint64_t>(contact);
  if (Peer* known = peers_.find(by_contact_.get(key))) return *known;
  const Handle handle = peers_.add();
  Peer& peer = *peers_.find(handle);
  peer.handle = handle;
  peer.contact = contact;
  peer.tied = contact == gateway_ || (core_->book.is_relayed(contact) && has_way(contact));
  by_contact_.set(key, handle);
  return peer;
}

void Peers::forget_if_idle(Peer& peer) {
  if (peer.wanted() || !peer.channels.empty() || peer.timer != kNoHandle) return;
  if (peer.contact == gateway_) return;
  by_contact_.erase(static_cast<std::uint64_t>(peer.contact));
  peers_.remove(peer.handle);
}

// ----- dialling -----

Channel* Peers::way(Peer& peer) {
  if (peer.way != nullptr) return peer.way;
  // A node behind this gateway is reached over the connection it has made, or not at all.
  if (peer.pausing || core_->book.is_relayed(peer.contact)) return nullptr;
  return dial(peer);
}

bool Peers::wants_way(const Peer& peer) const {
  return peer.wanted() || (peer.contact == gateway_ && !core_->closing);
}

Channel* Peers::dial(Peer& peer) {
  if (core_->now >= core_->close_by) return nullptr;
  const dht::Endpoint remote = core_->book.endpoint(peer.contact);
  const NodeId& id = core_->book.id(peer.contact);
  const bool anyone = core_->config.unbound || id == NodeId{};
  // Others have not named the node that this end was told to meet, nor its gateway.
  const bool named_by_others = id != NodeId{} && peer.contact != gateway_;
  if (named_by_others && is_public(core_->book.endpoint(core_->self)) && !is_public(remote)) {
    ++core_->counters.private_withheld;
    note_failure(peer);
    return nullptr;
  }
  const Time allowed_from =
      named_by_others ? core_->engine->dial_allowed_from(remote, core_->now) : core_->now;
  if (allowed_from > core_->now) {
    pause(peer, allowed_from);
    return nullptr;
  }
  const auto connection = core_->engine->dial(remote, anyone ? std::nullopt : std::optional(id),
                                              core_->now, named_by_others);
  if (!connection) {
    note_failure(peer);
    return nullptr;
  }
  ++core_->counters.dials;
  Channel& channel = channels_->add(*connection, /*dialled=*/true, remote);
  attach(channel, peer);
  peer.way = &channel;
  introduce(channel);
  make_room(&channel);
  return &channel;
}

void Peers::introduce(Channel& channel) {
  const auto stream = core_->engine->open_stream(channel.id);
  if (!stream) return;
  core_->engine->write(channel.id, *stream,
                       wire::encode(host::introduce(*core_, channel), core_->book),
                       /*fin=*/true);
  ++core_->counters.frames_out;
}

void Peers::make_room(const Channel* added) {
  while (channels_->size() > core_->config.pool) {
    Channel* least = channels_->least_useful(added);
    if (least == nullptr) return;
    evict(*least, "there are too many connections");
  }
}

void Peers::thin_out(const Channel& added) {
  const auto of_key = [&](const Channel& each) { return each.proven == added.proven; };
  const auto of_address = [&](const Channel& each) {
    return owner_of(each.remote) == owner_of(added.remote);
  };
  const std::size_t share = std::max<std::size_t>(core_->config.pool / kShareOfAddress, 1);
  Channel* one = channels_->crowded(added, of_key, core_->config.max_per_key);
  if (one == nullptr) one = channels_->crowded(added, of_address, share);
  if (one != nullptr) evict(*one, "too many of one key, or from one address");
}

void Peers::evict(Channel& channel, std::string_view reason) {
  ++core_->counters.evicted;
  end(channel, channels_->quiet(channel) ? Code::evicted : Code::crowded, reason);
}

void Peers::doubt(Channel& channel, Time sent) {
  if (!channel.connected || channel.draining) return;
  channel.doubted = channel.last_heard <= sent;
  if (channel.dialled) return;
  for (Peer* peer : channel.peers) dial_beside(*peer);
}

void Peers::dial_beside(Peer& peer) {
  const bool dialling =
      std::any_of(peer.channels.begin(), peer.channels.end(),
                  [](const Channel* each) { return !each->greeted && !each->doubted; });
  if (dialling || peer.pausing || core_->book.is_relayed(peer.contact)) return;
  Channel* const way = peer.way;
  dial(peer);
  peer.way = way;
}

void Peers::note_failure(Peer& peer) {
  const HostConfig& config = core_->config;
  const Duration pause =
      backoff(peer.failures, config.first_backoff, config.longest_backoff, core_->draw());
  ++peer.failures;
  this->pause(peer, core_->now + pause);
}

void Peers::pause(Peer& peer, Time until) {
  core_->timers.cancel(peer.timer);
  peer.timer = core_->timers.set(until, {Due::Kind::peer, peer.handle});
  peer.pausing = true;
}

void Peers::note_success(Peer& peer) {
  core_->timers.cancel(peer.timer);
  peer.timer = kNoHandle;
  peer.pausing = false;
  peer.failures = 0;
}

void Peers::on_due(Handle handle) {
  Peer* peer = peers_.find(handle);
  if (peer == nullptr) return;
  peer->timer = kNoHandle;
  if (peer->pausing) {
    peer->pausing = false;
    if (wants_way(*peer)) {
      if (way(*peer) != nullptr) pump(*peer);
      meetings_->reach(*peer);
      return;
    }
    // The next to ask may dial at once, but the pause after that goes on growing for a while.
    peer->timer =
        core_->timers.set(core_->now + core_->config.longest_backoff, {Due::Kind::peer, handle});
    return;
  }
  peer->failures = 0;
  forget_if_idle(*peer);
}

// ----- what the engine tells -----

void Peers::on_connected(ConnectionId id, const Connected& connected) {
  Channel* channel = channels_->find(id);
  if (channel == nullptr) {
    if (connected.dialled) return;  // given up since
    channel = &channels_->add(id, /*dialled=*/false, connected.remote);
    channel->proven = connected.peer;
    thin_out(*channel);
    make_room(channel);
  }
  channel->connected = true;
  channel->proven = connected.peer;
  const std::vector<Peer*> peers = channel->peers;
  for (Peer* peer : peers) choose(*peer);
  for (Peer* peer : peers) pump(*peer);
}

void Peers::greet(Channel& channel, const Greeting& greeting) {
  channel.greeted = true;
  channel.heard = true;
  channel.contact = greeting.contact;
  channel.life = greeting.life;
  if (!channel.dialled) channel.dial = greeting.dial;
  for (Peer* peer : channel.peers) note_success(*peer);
  if (channel.contact == kNoContact || is_self(channel.contact)) return;
  Peer& peer = of(channel.contact);
  note_success(peer);
  std::vector<Handle> former;
  for (Channel* other : peer.channels) {
    if (other->life.empty() || channel.life.empty() || other->life == channel.life) continue;
    other->draining = true;
    former.push_back(other->handle);
  }
  attach(channel, peer);
  choose(peer);
  for (const Handle handle : former) {
    Channel* other = channels_->find(handle);
    if (other != nullptr) end(*other, Code::replaced, "the peer has a new life");
  }
  for (Peer* each : channel.peers) meetings_->on_greeted(*each, channel.contact);
  pump(peer);
}

void Peers::on_closed(ConnectionId id, const Closed& closed) {
  Channel* channel = channels_->find(id);
  if (channel == nullptr) return;
  if (closed.cause == CloseCause::identity) refuse_identity(*channel, closed.reason);
  if (channel->dialled) {
    Peer& peer = *channel->peers.front();
    if (led_to_nothing(*channel, closed)) {
      note_failure(peer);
    } else {
      peer.failures = 0;
    }
  }
  const bool orderly =
      closed.cause == CloseCause::peer && closed.code <= static_cast<std::uint64_t>(Code::replaced);
  settle(take_leave(*channel, orderly || closed.cause == CloseCause::reset));
}

bool Peers::led_to_nothing(const Channel& channel, const Closed& closed) const {
  const bool superseded = closed.cause == CloseCause::peer &&
                          (closed.code == static_cast<std::uint64_t>(Code::duplicate) ||
                           closed.code == static_cast<std::uint64_t>(Code::replaced));
  if (superseded) return false;
  return !channel.heard || core_->now - channel.since < core_->config.first_backoff;
}

void Peers::end(Channel& channel, Code code, std::string_view reason) {
  const ConnectionId id = channel.id;
  if (code == Code::identity && channel.dialled) note_failure(*channel.peers.front());
  const Estate estate = take_leave(channel, /*once_more=*/true);
  core_->engine->close(id, static_cast<std::uint64_t>(code), reason);
  settle(estate);
}

Peers::Estate Peers::take_leave(Channel& channel, bool once_more) {
  Estate estate;
  inbox_->leave(channel);
  estate.again = outbox_->leave(channel, once_more);
  for (Peer* peer : channel.peers) {
    estate.peers.push_back(peer->handle);
    peer->channels.erase(std::find(peer->channels.begin(), peer->channels.end(), &channel));
    if (peer->way == &channel) peer->way = nullptr;
  }
  channels_->remove(channel);
  return estate;
}

void Peers::settle(const Estate& estate) {
  for (const Handle handle : estate.peers) choose(*peers_.find(handle));
  for (const Handle handle : estate.again) outbox_->dispatch(handle);
  for (const Handle handle : estate.peers) {
    Peer* peer = peers_.find(handle);
    if (peer == nullptr) continue;
    if (wants_way(*peer) && way(*peer) != nullptr) pump(*peer);
    forget_if_idle(*peer);
  }
}

void Peers::refuse_identity(Channel& channel, const std::string& reason) {
  ++core_->counters.refused_identity;
  if (core_->on_identity_refused) {
    core_->on_identity_refused({channel.remote, expected_id(channel), reason});
  }
}

NodeId Peers::expected_id(const Channel& channel) const {
  if (channel.connected) return channel.proven;
  return channel.peers.empty() ? NodeId{} : core_->book.id(channel.peers.front()->contact);
}

// ----- in the end -----

void Peers::tend() {
  std::vector<Handle> still;
  for (const Handle handle : std::exchange(draining_, {})) {
    Channel* channel = channels_->find(handle);
    if (channel == nullptr) continue;
    if (channels_->quiet(*channel)) {
      end(*channel, Code::duplicate, "there is another connection");
    } else {
      still.push_back(handle);
    }
  }
  draining_.insert(draining_.end(), still.begin(), still.end());
  if (channels_->size() > core_->config.pool) make_room(nullptr);
  if (core_->closing) tend_closing();
}

void Peers::tend_closing() {
  Channel* each = channels_->first();
  while (each != nullptr) {
    Channel* const next = channels_->next(*each);
    const Handle next_handle = next != nullptr ? next->handle : kNoHandle;
    if (core_->now >= core_->close_by || done(*each)) end(*each, Code::bye, "closing");
    each = channels_->find(next_handle);
  }
}

bool Peers::done(const Channel& channel) const {
  if (channel.unanswered > 0 || !channel.outbound.empty()) return false;
  if (channel.connected) return core_->engine->quiet(channel.id);
  return std::none_of(channel.peers.begin(), channel.peers.end(),
                      [](const Peer* peer) { return peer->wanted(); });
}

void Peers::keep_contacts(ContactMarks& marks) {
  marks.keep(gateway_);
  peers_.for_each([&](Peer& peer) { marks.keep(peer.contact); });
  for (Channel* each = channels_->first(); each != nullptr; each = channels_->next(*each)) {
    marks.keep(each->contact);
  }
}

void Peers::check_invariants() {
  channels_->check_invariants();
  MACULA_CHECK(by_contact_.size() == peers_.size());
  std::size_t attached = 0;
  peers_.for_each([&](Peer& peer) {
    MACULA_CHECK(peers_.find(by_contact_.get(static_cast<std::uint64_t>(peer.contact))) == &peer);
    MACULA_CHECK(peer.wanted() || !peer.channels.empty() || peer.timer != kNoHandle ||
                 peer.contact == gateway_);
    std::size_t bytes = 0;
    for (Outbound* each = peer.waiting.front(); each; each = peer.waiting.next(*each)) {
      MACULA_CHECK(each->peer == &peer && each->channel == nullptr);
      bytes += each->size;
    }
    MACULA_CHECK(bytes == peer.waiting_bytes);
    const auto& channels = peer.channels;
    MACULA_CHECK(peer.way == nullptr ||
                 std::find(channels.begin(), channels.end(), peer.way) != channels.end());
    attached += channels.size();
  });
  std::size_t partial = 0;
  for (Channel* each = channels_->first(); each != nullptr; each = channels_->next(*each)) {
    MACULA_CHECK(channels_->find(each->id) == each);
    MACULA_CHECK(attached >= each->peers.size());
    MACULA_CHECK(each->streams.size() <= each->outbound.size() + each->inbound.size());
    attached -= each->peers.size();
    partial += each->partial;
  }
  MACULA_CHECK(attached == 0 && partial <= core_->partial);
}

}  // namespace macula::dht::quic::host
