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
    contact = core_->closing ? kNoContact : contact_met(*peer, contact);
    peer->meetings.erase(std::find(peer->meetings.begin(), peer->meetings.end(), handle));
    peers_->forget_if_idle(*peer);
  }
  meetings_.remove(handle);
  met(contact == kNoContact ? std::nullopt : std::optional(contact));
}

// It listens where it was dialled, whatever it announces, and has proven its key, even if it sends
// no CONNECT. Where ids are not proven it is who it says, if it says so.
ContactRef Meetings::contact_met(Peer& peer, ContactRef announced) const {
  if (peer.way == nullptr || !peer.way->connected) return kNoContact;
  if (core_->config.unbound && announced == kNoContact) return kNoContact;
  const NodeId id = core_->config.unbound ? core_->book.id(announced) : peer.way->proven;
  const auto contact = core_->book.intern({id, core_->book.endpoint(peer.contact), std::nullopt});
  if (!contact) return kNoContact;
  peers_->lead_to(*peer.way, *contact);
  return *contact;
}

void Meetings::close() {
  meetings_.for_each([&](Meeting& meeting) { end_soon(meeting); });
}

}  // namespace macula::dht::quic::host
