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
  reach(peer);
  const Channel* known = believed(peer);
  if (known != nullptr && known->contact != kNoContact) on_greeted(peer, known->contact);
}

void Meetings::reach(Peer& peer) {
  if (peer.meetings.empty() || peers_->way(peer) == nullptr) return;
  if (peer.way->doubted && believed(peer) == nullptr) peers_->dial_beside(peer);
}

Channel* Meetings::believed(const Peer& peer) {
  Channel* best = nullptr;
  for (Channel* each : peer.channels) {
    if (!each->connected || each->doubted || each->draining) continue;
    if (each == peer.way) return each;
    if (best == nullptr || each->dial > best->dial) best = each;
  }
  return best;
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
  Channel* const channel = believed(peer);
  if (channel == nullptr) return kNoContact;
  if (core_->config.unbound && announced == kNoContact) return kNoContact;
  const NodeId id = core_->config.unbound ? core_->book.id(announced) : channel->proven;
  const auto contact = core_->book.intern({id, core_->book.endpoint(peer.contact), std::nullopt});
  if (!contact) return kNoContact;
  peers_->lead_to(*channel, *contact);
  return *contact;
}

void Meetings::close() {
  meetings_.for_each([&](Meeting& meeting) { end_soon(meeting); });
}

void Meetings::keep_contacts(ContactMarks& marks) {
  meetings_.for_each([&](Meeting& meeting) { marks.keep(meeting.contact); });
}

}  // namespace macula::dht::quic::host
