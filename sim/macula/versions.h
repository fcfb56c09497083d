// The versions of what is written under each key, and which of them a find may return.
//
//   Versions versions;
//   versions.add(key, origin, {now, value, end});      // written, published anew, or withdrawn
//   versions.settle(key, now, spread, [](const Version& version) { /* all holders know it */ });
//   versions.may_return(key, values, {began, ended, spread, memory});
//
// A find may return any version that counted at some instant from its start to its end; and the one
// before, as long as some holder did not know the new one when the find began. A publication
// reaches the holders within `spread`; what has not reached them by then is late, and the old
// version wrong. For `memory` after that, finders' copies of the old version may still be found
// (dht/README.md).
#pragma once

#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "base/time.h"
#include "dht/contact/node_id.h"
#include "dht/wire/message.h"
#include "sim/net/link.h"

namespace macula::sim {

struct Version {
  Time at{};
  dht::wire::SharedValue value;
  Time end = kTimeMax;      // of its life
  bool endless = false;     // it is kept after its end
  bool withdrawn = false;   // from now on there is no value; `value` is the last one
  Time settled = kTimeMax;  // it was seen at all holders
};

// The terms that a find may rely on.
struct FindTerms {
  Time began{};
  Time ended{};
  Duration spread{0};
  Duration memory{0};
};

class Versions {
 public:
  // The provider and the signer; kNoNode where there is none.
  using Origin = std::pair<NodeNumber, NodeNumber>;

  // Later than all others of this origin. An equal value is no new version: it lives until its end.
  void add(const dht::Key& key, const Origin& origin, const Version& version);
  // Asks about the newest version of each origin, unless it was seen at all holders or is late.
  void settle(const dht::Key& key, Time now, Duration spread,
              const std::function<bool(const Version&)>& reached);
  [[nodiscard]] bool may_return(const dht::Key& key,
                                const std::vector<dht::wire::SharedValue>& values,
                                const FindTerms& terms) const;

 private:
  // In the order of time, without those that no find may return any more.
  using History = std::vector<Version>;

  std::map<dht::Key, std::map<Origin, History>> keys_;
};

}  // namespace macula::sim
