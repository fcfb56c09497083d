// The answer of one node to a find_value, where it held something.
//
//   for (const FoundRecords& found : search.found) if (!found.copy) ...
#pragma once

#include <vector>

#include "base/time.h"
#include "dht/contact/contact_ref.h"
#include "dht/wire/message.h"

namespace macula::dht {

struct FoundRecords {
  ContactRef from{};
  Time at{};
  std::vector<wire::Record> records;
  std::vector<wire::Record> withdrawn;
  bool copy = false;     // it is no holder: a finder has left them there
  bool outside = false;  // it is no holder any more
};

}  // namespace macula::dht
