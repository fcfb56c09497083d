// Storing and finding values: the node's own records first, then the network.
//
// A value goes to the k nodes closest to its key (Kademlia, 2002, section 2.3), found by a lookup
// or, in Macula 0.8, taken from the own table. STORE has no answer: a store is done once it is
// sent.
#pragma once

#include <functional>
#include <vector>

#include "dht/search.h"

namespace macula::dht {

struct StoreResult {
  bool stored = false;               // held here; false: the node's own limit refused it
  std::vector<ContactRef> replicas;  // whom STORE was sent to
  SearchResult search;
};

struct FindOptions {
  bool local = true;                 // the node's own records are read first
  bool network = true;               // then others are asked
  std::optional<Duration> deadline;  // in place of the protocol's
};

struct FindResult {
  std::vector<wire::SharedValue> values;  // empty: not found
  bool timed_out = false;
  bool searched = false;  // the network was asked
  SearchResult search;
};

class Storage {
 public:
  using StoreDone = std::function<void(StoreResult&)>;
  using FindDone = std::function<void(FindResult&)>;

  Storage(Context& context, Searches& searches) : context_(&context), searches_(&searches) {}

  bool store_local(const Key& key, wire::SharedValue value);
  void store(const Key& key, wire::SharedValue value, StoreDone done);
  // The done function may be called before find returns: when the node itself has the answer.
  void find(const Key& key, const FindOptions& options, FindDone done);

  // Answers of this node to others.
  void on_store(wire::Store& store);
  [[nodiscard]] wire::FindNodeReply answer(const wire::FindNode& request) const;
  [[nodiscard]] wire::FindValueReply answer(const wire::FindValue& request) const;

 private:
  void send_to_replicas(const Key& key, const wire::SharedValue& value,
                        const std::vector<ContactRef>& replicas);
  [[nodiscard]] ContactList closest_known(const NodeId& target) const;

  Context* context_;
  Searches* searches_;
};

}  // namespace macula::dht
