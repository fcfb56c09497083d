// The exchanges of a network over real QUIC, and what has caused them: as sim/net/origins.h, where
// what arrives does not say which it is. It is the oldest under way between the same two nodes with
// the same content.
//
//   QuicExchanges::Content content{from, to, exchanges.hash(message, book)};
//   Origin origin = exchanges.begin(content);
//   exchanges.arrived(content);                   // at `to`: the same origin
//   exchanges.give_up(content, origin);           // its asker waits no longer
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <tuple>

#include "dht/wire/codec.h"
#include "sim/net/origins.h"

namespace macula::sim {

class QuicExchanges {
 public:
  // The content of a message that is known at both ends.
  struct Content {
    NodeNumber from = kNoNode;
    NodeNumber to = kNoNode;
    std::uint64_t hash = 0;

    friend bool operator<(const Content& a, const Content& b) {
      return std::tie(a.from, a.to, a.hash) < std::tie(b.from, b.to, b.hash);
    }
  };

  void watch() {
    watched_ = true;
    origins_.watch();
  }

  void begin_event() { origins_.begin_event(); }
  void act_for(std::uint64_t cause) { origins_.act_for(cause); }
  void go_on_with(const Origin& origin) { origins_.go_on_with(origin); }
  [[nodiscard]] std::uint64_t cause() const { return origins_.cause(); }

  // 0 while nobody watches.
  [[nodiscard]] std::uint64_t hash(const dht::wire::Message& message,
                                   const dht::ContactBook& book) const {
    return watched_ ? fingerprint(message, book) : 0;
  }

  // Nothing while nobody watches.
  [[nodiscard]] Origin begin(const Content& content) {
    const Origin origin = origins_.next(content.from);
    if (!watched_ || content.to == kNoNode) return origin;
    auto& same = under_way_[content];
    if (same.size() == kMost) same.pop_front();
    same.push_back({origin, true});
    return origin;
  }
  // Nothing as well of one whose sender is not told (a client's). An exchange that its asker has
  // given up may still arrive; one that is awaited comes first.
  [[nodiscard]] Origin arrived(const Content& content) {
    const auto found = under_way_.find(content);
    if (found == under_way_.end()) return {};
    auto& same = found->second;
    auto which =
        std::find_if(same.begin(), same.end(), [](const UnderWay& each) { return each.awaited; });
    if (which == same.end()) which = same.begin();
    const Origin origin = which->origin;
    same.erase(which);
    if (same.empty()) under_way_.erase(found);
    return origin;
  }
  void give_up(const Content& content, const Origin& origin) {
    const auto found = under_way_.find(content);
    if (found == under_way_.end()) return;
    for (UnderWay& each : found->second) {
      if (each.origin.exchange == origin.exchange) each.awaited = false;
    }
  }

 private:
  struct UnderWay {
    Origin origin;
    bool awaited = true;
  };

  static constexpr std::size_t kMost = 64;  // of one content; those that never arrived go

  bool watched_ = false;
  Origins origins_;
  std::map<Content, std::deque<UnderWay>> under_way_;
};

}  // namespace macula::sim
