// The fate of the records that steps stored, known from full knowledge of all nodes.
//
//   RecordOracle oracle(community);
//   oracle.stored(key, label, write);           // a step made a node store it, now
//   oracle.republished(key, node, value);       // the node has published it anew, by itself
//   oracle.withdrawn(key, node, provider);      // it has taken it back
//   oracle.lost("sensors");                     // share that no live node holds any more
//
// The last write under a key counts (sim/macula/writes.h). It is due until its TTL has passed since
// its writer last published it, or until it was withdrawn; after that it should be held by nobody.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "dht/contact/node_id.h"
#include "sim/macula/writes.h"
#include "sim/net/link.h"

namespace macula::sim {

class MaculaCommunity;

class RecordOracle {
 public:
  // Whether a record of this label was lost, this long after it was first stored.
  using Aged = std::function<void(const std::string& label, Time stored, Duration age, bool lost)>;

  explicit RecordOracle(MaculaCommunity& community);

  // Told of every record at the ages that expectations ask about.
  void listen(Aged aged) { aged_ = std::move(aged); }

  // `label` must stay where it is. When it was written, and when its life ends, is known here.
  void stored(const dht::Key& key, const std::string& label, Write write);

  void republished(const dht::Key& key, NodeNumber by, const dht::wire::SharedValue& value);
  // Whether it was there to be taken back.
  bool withdrawn(const dht::Key& key, NodeNumber by, bool provider);

  [[nodiscard]] const Writes& writes() const { return writes_; }

  // A find under the key begins at this node: what all holders know by now it should be given.
  void find_begins(const dht::Key& key, NodeNumber by);
  // Whether one that began then and ends now may return these values.
  [[nodiscard]] bool may_return(const dht::Key& key, NodeNumber by, Time began,
                                const std::vector<dht::wire::SharedValue>& values) const;

  // An empty label means any. Nothing where no record is due.
  [[nodiscard]] std::optional<double> lost(const std::string& label) const;
  // Over the due records, the share of the live k closest nodes that hold what counts.
  [[nodiscard]] std::optional<double> placed(const std::string& label) const;
  [[nodiscard]] std::optional<double> placed_of(const dht::Key& key) const;
  // How many live nodes hold each due record.
  [[nodiscard]] std::vector<std::size_t> holders(const std::string& label) const;
  // Copies that live nodes hold of records that are not due any more.
  [[nodiscard]] std::size_t zombies(const std::string& label) const;

 private:
  struct Record {
    dht::Key key;
    const std::string* label;
    Time first;
  };

  [[nodiscard]] Time end_of_life(NodeNumber by) const;
  // How long a publication, or the end of a record, may take to reach all holders.
  [[nodiscard]] Duration spread(NodeNumber by) const;
  // Whether all holders know this version.
  [[nodiscard]] bool has_settled(const dht::Key& key, const Version& version) const;
  // Whether it holds all of these values.
  [[nodiscard]] bool holds_all(NodeNumber node, const dht::Key& key,
                               const std::vector<dht::wire::SharedValue>& values) const;
  [[nodiscard]] bool holds(NodeNumber node, const dht::Key& key) const;
  // One that a finder left there.
  [[nodiscard]] bool serves_copy(NodeNumber node, const dht::Key& key) const;
  [[nodiscard]] bool held_by_any(const Record& record) const;
  [[nodiscard]] bool counts(const Record& record, const std::string& label, bool due) const;

  MaculaCommunity* community_;
  Aged aged_;
  Writes writes_;
  std::vector<Record> records_;
  std::map<dht::Key, std::size_t> by_key_;
  std::multimap<std::string, Duration> ages_;  // by label
};

}  // namespace macula::sim
