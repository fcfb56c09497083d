// The token that a node hides in the 64 bits that its host gives back with each outcome: whose
// concern it is, which entry of that concern, and one more word.
#pragma once

#include <cstdint>

#include "dht/contact/contact_book.h"
#include "dht/transport.h"

namespace macula::dht {

enum class Concern : std::uint8_t {
  search,        // slot: the search; contact: who was asked
  search_timer,  // slot: the search
  ping,          // slot: the ping
  call,          // slot: the call; contact: who was asked, a provider or the next hop
  route,         // slot: the route passed on
  relay,         // slot: the message passed on
  join_retry,    // a timer
  maintenance,   // the timer of the chores
  probe,         // contact: who was pinged
  call_timer,    // slot: the call: somebody has been silent for its share of the time
  call_ping,     // slot: the call; contact: the provider that was pinged
  placement,     // slot: what is placed; contact: who was asked
  placement_timer,
  rival,    // slot: what is held back; contact: who has sent it
  meeting,  // slot: the bootstrap place that is asked
};

inline constexpr std::size_t kSlotMask = 0xffffff;

[[nodiscard]] constexpr Token make_token(Concern concern, std::size_t slot,
                                         ContactRef contact = ContactRef{0}) {
  return static_cast<Token>(concern) << 56 | static_cast<Token>(slot & kSlotMask) << 32 |
         static_cast<Token>(contact);
}
[[nodiscard]] constexpr Concern token_concern(Token token) {
  return static_cast<Concern>(token >> 56);
}
[[nodiscard]] constexpr std::size_t token_slot(Token token) {
  return static_cast<std::size_t>(token >> 32) & kSlotMask;
}
[[nodiscard]] constexpr ContactRef token_contact(Token token) {
  return ContactRef{static_cast<std::uint32_t>(token)};
}

}  // namespace macula::dht
