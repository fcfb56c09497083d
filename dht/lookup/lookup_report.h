// The outcome of one lookup of a node, for those that count them.
#pragma once

#include "base/time.h"
#include "dht/lookup/lookup.h"

namespace macula::dht {

struct LookupReport {
  bool for_value = false;  // of a value; else of the nodes closest to a key
  bool success = false;    // somebody answered; gave a value, where that was looked for
  bool timed_out = false;  // the deadline ended it
  Duration elapsed{0};
  LookupStats stats;  // `depth` is the number of hops
};

}  // namespace macula::dht
