// The events that a node hears: the half of the interface that a protocol implements. Its promises:
// host.h.
#pragma once

#include "transport/host.h"
#include "transport/peer.h"

namespace macula::transport {

// The sender of what came in, as its host knows it.
struct Sender {
  // NOLINTNEXTLINE(google-explicit-constructor): most senders are a contact and nothing else
  Sender(Peer contact, const Identity* proven = nullptr) : contact(contact), proven(proven) {}

  // Its id, by a book that has those of all peers. A contact has been judged by the host: its id is
  // what was proven.
  template <typename Book>
  [[nodiscard]] Identity id(const Book& book) const {
    const Identity* known = proven_id(book);
    return known != nullptr ? *known : Identity{};
  }
  // nullptr where nothing is known. Good for the time of the call.
  template <typename Book>
  [[nodiscard]] const Identity* proven_id(const Book& book) const {
    return contact != kNoPeer ? &book.id(contact) : proven;
  }

  Peer contact;            // kNoPeer: a client, or a peer that does not say where it listens
  const Identity* proven;  // of one without a contact: the id of its key, for the time of the call
};

template <typename M>
class Guest {
 public:
  virtual void on_message(const Sender& from, M& message) = 0;
  virtual void on_request(const Sender& from, InboundId request, M& message) = 0;
  virtual void on_reply(Token token, M& message) = 0;
  virtual void on_failure(Token token, Failure failure) = 0;
  virtual void on_timer(Token token) = 0;
  // `contact`: who was met, at the endpoint where it was met, whatever it announces; kNoPeer:
  // nobody has answered in time. Comes to those that ask for it.
  virtual void on_met(Token /*token*/, Peer /*contact*/) {}

  // Nobody waits for the answer any more: the asker has said so, or has gone. Hosts tell this where
  // they learn of it; an answer would be dropped.
  virtual void on_given_up(InboundId /*request*/) {}

  // Hints, for hosts of very many guests: the message is about to be handed over, and the guest may
  // start to load what it will need. Each comes twice as the message draws nearer, step 0 and step
  // 1, which may follow the pointers that the one before has asked for.
  virtual void prefetch_request(Peer /*from*/, const M& /*message*/, int /*step*/) const {}
  virtual void prefetch_reply(Token /*token*/, int /*step*/) const {}

 protected:
  ~Guest() = default;
};

}  // namespace macula::transport
