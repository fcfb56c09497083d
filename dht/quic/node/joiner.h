// Finds the bootstrap nodes of which only the endpoints are known, and joins through each as soon
// as it answers. One that does not is tried again, after growing pauses.
#pragma once

#include <cstddef>
#include <vector>

#include "dht/quic/node/live_node.h"

namespace macula::dht::quic {

class Joiner {
 public:
  static constexpr Duration kPatience = std::chrono::seconds(5);
  static constexpr Duration kFirstPause = std::chrono::seconds(1);
  static constexpr Duration kLongestPause = std::chrono::seconds(30);

  // Both must outlive it.
  Joiner(Loop& loop, LiveNode& live) : loop_(loop), live_(live) {}
  ~Joiner() { stop(); }
  Joiner(const Joiner&) = delete;
  Joiner& operator=(const Joiner&) = delete;

  void start(const std::vector<Endpoint>& endpoints);
  // Before the node closes.
  void stop();

 private:
  struct Attempt {
    Endpoint endpoint;
    Duration pause = kFirstPause;
    std::optional<Loop::DeadlineId> retry;
  };

  void meet(std::size_t attempt);
  void on_met(std::size_t attempt, std::optional<ContactRef> contact);

  Loop& loop_;
  LiveNode& live_;
  std::vector<Attempt> attempts_;
  bool stopped_ = false;
};

}  // namespace macula::dht::quic
