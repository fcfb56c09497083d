// The writes of clients under each key: the values that a find should return, known from outside.
//
//   Writes writes;
//   writes.stored(key, {by, value, now, end, /*sign=*/false});
//   writes.withdrawn(key, by, /*provider=*/false, now);
//   writes.republished(key, by, value, now, end);     // renews a life, and writes nothing
//   writes.current(key, now);                         // the values that a find should return
//   writes.is_stale(key, value, since);               // it was one of them, but not since then
//
// Under a key each provider has a record of its own, and so has each node that signs what it
// stores; all others write one and the same. Among the writes of one record the last in the order
// of time counts, whoever made it. A node that publishes again what another has replaced does not
// write.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "dht/contact/node_id.h"
#include "dht/wire/message.h"
#include "sim/macula/versions.h"
#include "sim/net/link.h"

namespace macula::sim {

struct Write {
  NodeNumber by = kNoNode;
  dht::wire::SharedValue value;
  Time at{};
  Time end = kTimeMax;   // its TTL has passed since it was last published
  bool endless = false;  // and it is kept nevertheless: a protocol without expiry
  bool sign = false;
  bool provider = false;     // the provider record of `by`
  Time replaced = kTimeMax;  // by a later write, or withdrawn
  bool withdrawn = false;
};

class Writes {
 public:
  void stored(const dht::Key& key, const Write& write);
  // Takes back the node's last write under the key. False: there was none to be taken back.
  bool withdrawn(const dht::Key& key, NodeNumber by, bool provider, Time now);
  // Nothing happens where what this node wrote has been replaced or withdrawn.
  void republished(const dht::Key& key, NodeNumber by, const dht::wire::SharedValue& value,
                   Time now, Time end);

  // Two equal texts are one. A value kept after its end is no wrong answer.
  [[nodiscard]] std::vector<dht::wire::SharedValue> current(const dht::Key& key, Time now) const;
  // For provider records the provider counts, not its word of itself.
  [[nodiscard]] bool is_stale(const dht::Key& key, const dht::wire::Value& value, Time since) const;
  // Whether it was written under the key at any time, or nothing ever was.
  [[nodiscard]] bool was_written(const dht::Key& key, const dht::wire::Value& value) const;
  // Until when a value should be held under the key: the latest end of those that count.
  [[nodiscard]] Time due(const dht::Key& key) const;
  // The nodes whose writes count.
  [[nodiscard]] std::vector<NodeNumber> writers(const dht::Key& key) const;
  // Which answers are right while a write is on its way.
  [[nodiscard]] Versions& versions() { return versions_; }
  [[nodiscard]] const Versions& versions() const { return versions_; }

 private:
  using Origin = Versions::Origin;
  using History = std::vector<Write>;  // in the order of time

  // The last write of each origin under the key.
  template <typename Visit>
  void for_each_last(const dht::Key& key, Visit visit) const;
  [[nodiscard]] Write* last_of(const dht::Key& key, NodeNumber by, bool provider);

  std::map<dht::Key, std::map<Origin, History>> keys_;
  Versions versions_;
};

// Whether two values are one: equal, or records of one provider.
[[nodiscard]] bool same_value(const dht::wire::Value& a, const dht::wire::Value& b);

}  // namespace macula::sim
