// Those who want to know whose node listens at an endpoint.
//
//   meetings.add(endpoint, patience, met);   // `met` is told once, when its timer is due
//
// Such an endpoint is a contact whose id is all zero: dialled without an expectation. Where a
// connection leads there already, whose it is is known; but a connection in doubt is not believed,
// for another node may listen there by now: the endpoint is dialled beside it.
#pragma once

#include <optional>
#include <vector>

#include "dht/quic/host/core.h"
#include "dht/quic/host/peer.h"

namespace macula::dht::quic::host {

class Peers;

class Meetings {
 public:
  explicit Meetings(Core& core) : core_(&core) {}
  void use(Peers& peers) { peers_ = &peers; }

  void add(const dht::Endpoint& endpoint, Duration patience, QuicHost::Met met);
  // Dials whom somebody wants to meet and no connection that is believed leads to.
  void reach(Peer& peer);
  void on_greeted(Peer& peer, ContactRef contact);
  void on_due(Handle meeting);
  // All end soon, with nothing.
  void close();
  void keep_contacts(ContactMarks& marks);

 private:
  struct Meeting {
    Handle handle = kNoHandle;
    Handle peer = kNoHandle;
    Handle timer = kNoHandle;
    ContactRef contact = kNoContact;
    QuicHost::Met met;
  };

  // A connection to the peer that is up and not in doubt; nullptr: none.
  [[nodiscard]] static Channel* believed(const Peer& peer);
  void end_soon(Meeting& meeting);
  // The contact that the peer's connection leads to; `announced`: what it says of itself, if any.
  [[nodiscard]] ContactRef contact_met(Peer& peer, ContactRef announced) const;

  Core* core_;
  Peers* peers_ = nullptr;
  HandlePool<Meeting> meetings_;
};

}  // namespace macula::dht::quic::host
