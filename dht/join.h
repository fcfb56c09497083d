// Joining the network through bootstrap nodes.
//
// A node looks up its own id, asking the bootstrap nodes first; then it looks up one random id in
// every bucket farther than its closest neighbour's (Kademlia, 2002, section 2.3). Where no
// bootstrap node answers it tries again after a jittered, doubling delay, so that the clients of a
// bootstrap node that died do not come back in lockstep. So does a node that has lost all contacts.
#pragma once

#include <cstdint>
#include <vector>

#include "dht/search.h"

namespace macula::dht {

class Join {
 public:
  enum class State : std::uint8_t { idle, joining, waiting, joined };

  static constexpr Duration kFirstRetry = std::chrono::seconds(1);
  static constexpr Duration kLongestRetry = std::chrono::seconds(60);

  Join(Context& context, Searches& searches, std::vector<ContactRef> bootstrap)
      : context_(&context), searches_(&searches), bootstrap_(std::move(bootstrap)) {}

  // With no bootstrap nodes the node is the first of its network: joined at once.
  void start();
  void on_retry();
  // One more bootstrap node. A node that waits for its network tries at once.
  void add_bootstrap(ContactRef contact);

  // The table has lost its last contact: back to the bootstrap nodes, after a delay.
  void on_lost();

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] const std::vector<ContactRef>& bootstrap() const { return bootstrap_; }

 private:
  void on_self_lookup(const SearchResult& result);
  void refresh(int bucket);
  void retry_later();

  Context* context_;
  Searches* searches_;
  std::vector<ContactRef> bootstrap_;
  State state_ = State::idle;
  Duration retry_delay_ = kFirstRetry;
};

}  // namespace macula::dht
