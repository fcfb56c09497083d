// Messages that wait in a line, linked through their exchanges: costs nothing where nothing waits.
//
//   MessageList lost;
//   push_back(exchanges, lost, slot);
//   while (!lost.empty()) resend(pop_front(exchanges, lost));
//
// A message is in one line at a time, and is not released while it is in one.
#pragma once

#include <cstdint>

#include "base/check.h"
#include "sim/engine/slab.h"
#include "sim/net/exchange.h"

namespace macula::sim {

struct MessageList {
  std::uint32_t first = kNoSlot;
  std::uint32_t last = kNoSlot;

  [[nodiscard]] bool empty() const { return first == kNoSlot; }
};

template <typename E>
void push_back(Slab<E>& exchanges, MessageList& list, std::uint32_t slot) {
  exchanges[slot].next = kNoSlot;
  if (list.empty()) {
    list.first = slot;
  } else {
    exchanges[list.last].next = slot;
  }
  list.last = slot;
}

template <typename E>
void push_front(Slab<E>& exchanges, MessageList& list, std::uint32_t slot) {
  exchanges[slot].next = list.first;
  if (list.empty()) list.last = slot;
  list.first = slot;
}

template <typename E>
std::uint32_t pop_front(Slab<E>& exchanges, MessageList& list) {
  MACULA_CHECK(!list.empty());
  const std::uint32_t slot = list.first;
  list.first = exchanges[slot].next;
  if (list.empty()) list.last = kNoSlot;
  exchanges[slot].next = kNoSlot;
  return slot;
}

}  // namespace macula::sim
