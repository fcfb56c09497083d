// The one interface between a node and the world: what a host gives, and what it tells.
//
// A node is a state machine: its host tells it what happened (`Guest`), and it asks its host for
// what it wants (`Host`). The simulator's virtual host and the QUIC host implement `Host`; both
// keep these promises, which a conformance suite states as tests:
//
//   1. A request has exactly one outcome: `on_reply` or `on_failure`, unless it is cancelled.
//   2. After `cancel` or `cancel_timer` returns, the guest hears nothing more of it.
//   3. No re-entrancy: a host never calls its guest from inside one of the calls below.
//   4. A request that hears nothing until `timeout` fails with `timeout`, at exactly that time in a
//      virtual world. A silent peer is a timeout, never an early `unreachable`.
//   5. The sender of every inbound message is given by the host, not claimed by the message.
//   6. An inbound request may be answered once, at once or later. An answer that comes after the
//      request was given up is dropped.
//   7. A request that is refused (`refuse`) fails at its asker as `refused`.
//   8. A meeting has exactly one outcome, `on_met`: whoever listens at the endpoint by then, or,
//      when its patience is over, nobody.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/time.h"
#include "dht/contact/contact_book.h"
#include "dht/wire/message.h"

namespace macula::dht {

// Chosen by the guest, given back with the outcome. Hosts do not look inside.
using Token = std::uint64_t;

enum class RequestId : std::uint64_t {};
enum class InboundId : std::uint64_t {};
enum class TimerId : std::uint64_t {};

inline constexpr TimerId kNoTimer{0xffffffffffffffff};

enum class Failure : std::uint8_t {
  timeout,      // no answer in time
  unreachable,  // the host knows no way to the peer
  refused,      // the peer, or the host on its behalf, refused the message
  cancelled,    // the host gave the request up: it is closing
};

// What a node draws for. Each has draws of its own, so that one more of them disturbs no other.
enum class Draw : std::uint8_t {
  call_id,
  target,     // of a refresh
  chore,      // when its next turn is
  join,       // the pause before the next try
  bootstrap,  // which is asked; the pause before a silent one is asked again
  placement,  // the pause before what was not placed is placed again
};
inline constexpr std::size_t kDraws = 6;

class Host {
 public:
  [[nodiscard]] virtual Time now() const = 0;
  // 64 random bits of this node: the next of those that it draws for `what`.
  [[nodiscard]] virtual std::uint64_t random(Draw what) = 0;
  virtual TimerId set_timer(Duration delay, Token token) = 0;
  virtual void cancel_timer(TimerId timer) = 0;
  // One-way: delivered at most once, with no word of its fate.
  virtual void send(ContactRef to, wire::Message&& message) = 0;
  virtual RequestId request(ContactRef to, wire::Message&& message, Duration timeout,
                            Token token) = 0;
  virtual void cancel(RequestId request) = 0;
  virtual void reply(InboundId request, wire::Message&& message) = 0;
  // In place of `reply`: there will be no answer, and the asker need not wait.
  virtual void refuse(InboundId request) = 0;
  // Finds out whose node listens at `endpoint`: its id is not known yet, or may be another by now.
  virtual void meet(const Endpoint& endpoint, Duration patience, Token token) = 0;
  // Whether the contact has proven to be where it says: this end has dialled it there, or what it
  // says comes from there. False where nothing is known, as after its connection has gone.
  [[nodiscard]] virtual bool reached(ContactRef contact) const = 0;

 protected:
  ~Host() = default;
};

// Between half and one and a half of the delay, by the node's own draws.
[[nodiscard]] inline Duration jittered(Host& host, Draw what, Duration delay) {
  const auto half = static_cast<std::uint64_t>(delay.count()) / 2;
  return Duration{
      static_cast<std::int64_t>(half + host.random(what) % std::max(2 * half, half + 1))};
}

// The sender of what came in, as its host knows it.
struct Sender {
  // NOLINTNEXTLINE(google-explicit-constructor): most senders are a contact and nothing else
  Sender(ContactRef contact, const NodeId* proven = nullptr) : contact(contact), proven(proven) {}

  // Its id. A contact has been judged by the host: its id is what was proven.
  [[nodiscard]] NodeId id(const ContactBook& book) const {
    const NodeId* known = proven_id(book);
    return known != nullptr ? *known : NodeId{};
  }
  // nullptr where nothing is known. Good for the time of the call.
  [[nodiscard]] const NodeId* proven_id(const ContactBook& book) const {
    return contact != kNoContact ? &book.id(contact) : proven;
  }

  ContactRef contact;    // kNoContact: a client, or a peer that does not say where it listens
  const NodeId* proven;  // of one without a contact: the id of its key, for the time of the call
};

class Guest {
 public:
  virtual void on_message(const Sender& from, wire::Message& message) = 0;
  virtual void on_request(const Sender& from, InboundId request, wire::Message& message) = 0;
  virtual void on_reply(Token token, wire::Message& message) = 0;
  virtual void on_failure(Token token, Failure failure) = 0;
  virtual void on_timer(Token token) = 0;
  // `contact`: who was met, at the endpoint where it was met, whatever it announces; kNoContact:
  // nobody has answered in time.
  virtual void on_met(Token token, ContactRef contact) = 0;

  // Nobody waits for the answer any more: the asker has said so, or has gone. Hosts tell this where
  // they learn of it; an answer would be dropped.
  virtual void on_given_up(InboundId /*request*/) {}

  // Hints, for hosts of very many guests: the message is about to be handed over, and the guest may
  // start to load what it will need. Each comes twice as the message draws nearer, step 0 and step
  // 1, which may follow the pointers that the one before has asked for.
  virtual void prefetch_request(ContactRef /*from*/, const wire::Message& /*message*/,
                                int /*step*/) const {}
  virtual void prefetch_reply(Token /*token*/, int /*step*/) const {}

 protected:
  ~Guest() = default;
};

}  // namespace macula::dht
