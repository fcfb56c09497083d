#include "dht/quic/host/meetings.h"

#include <algorithm>
#include <utility>

#include "dht/quic/host/peers.h"

namespace macula::dht::quic::host {

void Meetings::add(const dht::Endpoint& endpoint, Duration patience, QuicHost::Met met) {
  const Handle handle = meetings_.add();
  Meeting& meeting = *meetings_.find(handle);
  meeting.handle = handle;
  meeting.met = std::move(met);
  meeting.timer = core_->timers.set(core_->now + patience, {Due::Kind::meeting, handle});
  const auto contact = peers_->listener(endpoint);
  if (!contact || core_->closing) {
    end_soon(meeting);
    return;
  }
  Peer& peer = peers_->of(*contact);
  meeting.peer = peer.handle;
  peer.meetings.push_back(handle);
  const Channel* way = peers_->way(peer);
  if (way != nullptr && way->contact != kNoContact) on_greeted(peer, way->contact);
}

void Meetings::on_greeted(Peer& peer, ContactRef contact) {
  for (const Handle handle : peer.meetings) {
    Meeting& meeting = *meetings_.find(handle);
    meeting.contact = contact;
    end_soon(meeting);
  }
}

void Meetings::end_soon(Meeting& meeting) {
  core_->timers.cancel(meeting.timer);
  meeting.timer = core_->timers.set(core_->now, {Due::Kind::meeting, meeting.handle});
}

void Meetings::on_due(Handle handle) {
  Meeting* meeting = meetings_.find(handle);
  if (meeting == nullptr) return;
  ContactRef contact = meeting->contact;
  const QuicHost::Met met = std::move(meeting->met);
  if (Peer* peer = peers_->find(meeting->peer)) {
    if (contact == kNoContact && !core_->closing) contact = proven_contact(*peer);
    peer->meetings.erase(std::find(peer->meetings.begin(), peer->meetings.end(), handle));
    peers_->forget_if_idle(*peer);
  }
  meetings_.remove(handle);
  met(contact == kNoContact ? std::nullopt : std::optional(contact));
}

// A peer that sends no CONNECT has still proven its key, and listens where it was dialled.
ContactRef Meetings::proven_contact(const Peer& peer) const {
  if (core_->config.unbound || peer.way == nullptr || !peer.way->connected) return kNoContact;
  const Contact contact{peer.way->proven, core_->book.endpoint(peer.contact), std::nullopt};
  return core_->book.intern(contact).value_or(kNoContact);
}

void Meetings::close() {
  meetings_.for_each([&](Meeting& meeting) { end_soon(meeting); });
}

}  // namespace macula::dht::quic::host
