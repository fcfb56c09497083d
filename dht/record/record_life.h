// When a record begins and ends, by the clock of the node that has it in hand.
//
// No two clocks of a network need agree: so neither end nor beginning travels, but how long the
// record lives and how much of that is left. A node that passes it on has taken off the time for
// which it was held, and so it ends everywhere one lifetime after its publication, late only by the
// time that its messages were under way; an absolute end would be off by the skew of every clock.
#pragma once

#include <cstdint>

#include "base/time.h"
#include "dht/protocol.h"
#include "dht/record/record_store.h"
#include "dht/wire/message.h"

namespace macula::dht {

// No record of others is kept for longer, but for protocols whose own ttl is longer (Kademlia,
// 2002, section 2.5).
inline constexpr Duration kLongestLife = std::chrono::hours(24);

// Rounded down: a life must not grow on its way.
[[nodiscard]] std::uint64_t whole_ms(Duration duration);

struct Life {
  Time published{};
  Time expires{};
  Time first{};  // when it was first published: what orders unsigned records
};

// The life of a record that came in now. A record without times was published now; a provider
// record lives as long as it says of itself, any other for the protocol's ttl.
[[nodiscard]] Life life_of(const wire::Record& record, Time now, const Protocol& protocol);
[[nodiscard]] bool lives_too_long(const wire::Record& record, const Protocol& protocol);

// A new record of this node's own, told with its whole life before it.
[[nodiscard]] wire::Record make_record(wire::SharedValue value, bool withdrawn,
                                       const Protocol& protocol);
// Writes down what is left of the record's life; false where it is over.
[[nodiscard]] bool set_ttl(wire::Record& record, Life life, Time now);
// As it is passed on now, with what is left of its life. Never after its end.
[[nodiscard]] wire::Record tell(const RecordStore::Entry& entry, Time now);

}  // namespace macula::dht
