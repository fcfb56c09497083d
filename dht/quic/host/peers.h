// The contacts that this host has to do with, and which connection leads to each.
//
//   Peer& peer = peers.of(contact);
//   Channel* way = peers.way(peer);      // dialled if there is none; nullptr: not now
//
// A contact is reached over the connection that was dialled for it, or over one whose CONNECT names
// it. If both ends have said who they are on two connections, one drains: exchanges under way on it
// end there, and nothing new begins. If each end has dialled one, that of the lower id stays. If
// one end has dialled both, the later one stays, and that end closes the other: the peer may know
// the two in another order, or one of them not yet.
//
// Dials that lead to nothing are repeated after pauses that double and are jittered, as long as
// something waits. A node behind a gateway keeps a connection to it, for nobody can dial the node:
// it dials from the start, and again whenever that connection ends.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "dht/quic/host/channels.h"
#include "dht/quic/host/greeting.h"
#include "dht/quic/host/outbox.h"
#include "dht/quic/host/peer.h"

namespace macula::dht::quic::host {

class Inbox;
class Meetings;

class Peers {
 public:
  Peers(Core& core, Channels& channels, Outbox& outbox, Meetings& meetings)
      : core_(&core), channels_(&channels), outbox_(&outbox), meetings_(&meetings) {}
  void use(Inbox& inbox) { inbox_ = &inbox; }

  // Dials the gateway of this end, if it is behind one.
  void start();

  [[nodiscard]] bool is_self(ContactRef contact) const;
  // False for a node behind another gateway.
  [[nodiscard]] bool has_way(ContactRef contact) const;
  // The contact that listens at `endpoint`: its id may be unknown. Nothing where the book is full.
  [[nodiscard]] std::optional<ContactRef> listener(const dht::Endpoint& endpoint);
  Peer& of(ContactRef contact);
  [[nodiscard]] Peer* find(Handle peer) { return peers_.find(peer); }
  [[nodiscard]] Channel* way(Peer& peer);
  [[nodiscard]] Channel* find(ConnectionId id) { return channels_->find(id); }
  // The contact, too, is reached over this connection.
  void lead_to(Channel& channel, ContactRef contact);
  // Whether a connection leads to the contact that has its endpoint at the other end.
  [[nodiscard]] bool reached(ContactRef contact);
  void used(Channel& channel) { channels_->used(channel); }

  void on_connected(ConnectionId id, const Connected& connected);
  // The peer has said who it is.
  void greet(Channel& channel, const Greeting& greeting);
  // Sends CONNECT on a stream of its own.
  void introduce(Channel& channel);
  void on_closed(ConnectionId id, const Closed& closed);
  // Closes a connection; what was under way on it and not delivered is sent again.
  void end(Channel& channel, Code code, std::string_view reason);
  void on_due(Handle peer);
  // A packet sent at this time was not acknowledged for too long. A peer that had dialled and has
  // restarted since cannot say so by a stateless reset (its first connection id has no token): it
  // is dialled, and if it has a new life, its CONNECT ends the old connection.
  void doubt(Channel& channel, Time sent);
  // Dials a peer that has a connection in doubt. That one is used until the new one has greeted.
  void dial_beside(Peer& peer);
  void refuse_identity(Channel& channel, const std::string& reason);

  // Closes what has drained, is beyond the pool, or is done when the host is closing. Called before
  // each flush.
  void tend();
  // A peer that nothing is known of and nothing waits for is forgotten.
  void forget_if_idle(Peer& peer);
  [[nodiscard]] std::size_t size() const { return peers_.size(); }
  void keep_contacts(ContactMarks& marks);
  void check_invariants();

 private:
  // The remains of a connection that has ended.
  struct Estate {
    std::vector<Handle> peers;
    std::vector<Handle> again;  // messages to be sent again
  };

  Channel* dial(Peer& peer);
  // Something waits for a connection, or it is this end's gateway.
  [[nodiscard]] bool wants_way(const Peer& peer) const;
  // For a connection that was added, or, with nullptr, now that more are idle.
  void make_room(const Channel* added);
  // Leaves not too many of one key, and from one address, beside the one that was added.
  void thin_out(const Channel& added);
  void evict(Channel& channel, std::string_view reason);
  void tend_closing();
  // Nothing that was accepted is still under way on it.
  [[nodiscard]] bool done(const Channel& channel) const;
  void attach(Channel& channel, Peer& peer);
  void choose(Peer& peer);
  // Whether `one` of two connections to the peer is used rather than the other.
  [[nodiscard]] bool preferred(const Channel& one, const Channel& other, const Peer& peer) const;
  // Whether the other end, whose key is proven, is the peer.
  [[nodiscard]] bool serves(const Channel& channel, const Peer& peer) const;
  void drain(Channel& channel, Channel& successor);
  // Starts what waits and may start.
  void pump(Peer& peer);
  void note_failure(Peer& peer);
  // Until then it is not dialled.
  void pause(Peer& peer, Time until);
  void note_success(Peer& peer);
  [[nodiscard]] bool led_to_nothing(const Channel& channel, const Closed& closed) const;
  [[nodiscard]] Estate take_leave(Channel& channel, bool once_more);
  void settle(const Estate& estate);
  [[nodiscard]] NodeId expected_id(const Channel& channel) const;

  Core* core_;
  Channels* channels_;
  Outbox* outbox_;
  Meetings* meetings_;
  Inbox* inbox_ = nullptr;
  HandlePool<Peer> peers_;
  FlatIndex by_contact_;
  std::vector<Handle> draining_;
  ContactRef gateway_ = kNoContact;  // of this end
};

}  // namespace macula::dht::quic::host
