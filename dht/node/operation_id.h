// Names one operation of a node: what starts it returns this, and `Node::cancel` takes it.
//
//   const OperationId lookup = node.lookup(target, done);
//   node.cancel(lookup);
//
// Slots are used again, numbers are not: once its operation has ended a name means nothing, however
// long it is kept. It is of use at its own node only.
#pragma once

#include <cstdint>

#include "dht/node/token.h"

namespace macula::dht {

struct OperationId {
  Concern concern = Concern::search;  // search or call: the part that it is under way in
  std::size_t slot = 0;
  std::uint64_t number = 0;  // counted from 1 over all operations of a node; 0: names nothing
};

}  // namespace macula::dht
