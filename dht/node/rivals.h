// Values of two writers under one key, of which one would take the place of the other, and who is
// asked how old they are.
//
//   // Taken once it has answered:
//   if (rivals.ask(sender, {key, record, life, proven, sender})) ...
//
// A record tells its age as of when it was sent. One that was stuck on its way, in a cut or at a
// paused node, seems younger by that time, and would hide what was written meanwhile. So whoever
// sent it is asked for the key: its answer is a round trip old at most. One that does not answer is
// taken at its word.
//
// It may have been stuck, and come first. Then what its writer sends seems older than what is held:
// so whoever wrote what is held is asked, as far as it is remembered to have stored it here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "dht/node/context.h"
#include "dht/node/shares.h"
#include "dht/node/slots.h"
#include "dht/node/token.h"
#include "dht/record/boxed.h"
#include "dht/record/record_life.h"

namespace macula::dht {

class ContactMarks;

class Rivals {
 public:
  // At a time, shared by all senders, and in memory: more are taken at their word.
  static constexpr std::size_t kMost = 1024;
  static constexpr std::size_t kMostBytes = std::size_t{4} << 20;
  static constexpr std::size_t kWriters = 64;  // that are remembered

  struct Rival {
    Key key;
    wire::Record record;
    Life life;
    std::uint64_t proven;  // a hash of the key that the connection of its sender has proven
    ContactRef from;       // its sender
  };

  explicit Rivals(Context& context) : context_(&context) {}

  // False where too many are asked already.
  [[nodiscard]] bool ask(ContactRef whom, Rival rival);
  // An answer has come from the node that was asked, or none will.
  [[nodiscard]] Rival take(Token token);

  [[nodiscard]] std::size_t size() const;

  // Its writer has stored it here.
  void came(const Key& key, ContactRef writer);
  // That writer, by its name in records; kNoContact: it did so too long ago, or never.
  [[nodiscard]] ContactRef writer_of(const Key& key, std::uint64_t writer) const;

  // Senders and writers are in hand (dht/node/contacts_in_hand.cc).
  void keep_contacts(ContactMarks& marks) const;

 private:
  struct State {
    Slots<Rival> asked;
    Shares shares{kMost};
    std::size_t bytes = 0;
    std::vector<std::pair<Key, ContactRef>> writers;  // who stored longest ago first
  };
  Context* context_;
  Boxed<State> state_;  // from the first on
};

}  // namespace macula::dht
