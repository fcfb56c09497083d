// Values of other writers that would take the place of what is held, for being younger.
//
//   // Taken once the sender has answered:
//   if (rivals.ask(sender, {key, record, life, proven})) ...
//
// A record tells its age as of when it was sent. One that was stuck on its way, in a cut or at a
// paused node, seems younger by that time, and would hide what was written meanwhile. So whoever
// sent it is asked for the key: its answer is a round trip old at most. One that does not answer is
// taken at its word.
#pragma once

#include <cstddef>
#include <cstdint>

#include "dht/node/context.h"
#include "dht/node/slots.h"
#include "dht/node/token.h"
#include "dht/record/boxed.h"
#include "dht/record/record_life.h"

namespace macula::dht {

class Rivals {
 public:
  // At a time: more are taken at their word.
  static constexpr std::size_t kMost = 16;

  struct Rival {
    Key key;
    wire::Record record;
    Life life;
    std::uint64_t sender;  // a hash of the key that its connection has proven
  };

  explicit Rivals(Context& context) : context_(&context) {}

  // False where too many are asked already.
  [[nodiscard]] bool ask(ContactRef sender, Rival rival);
  // The sender has answered, or has not.
  [[nodiscard]] Rival take(Token token);

  [[nodiscard]] std::size_t size() const;

 private:
  Context* context_;
  Boxed<Slots<Rival>> asked_;  // from the first on
};

}  // namespace macula::dht
