// A limit that many share: nobody holds more of it than is left free for others.
//
//   Shares routes(4096);
//   if (!routes.take(asker, 1)) refuse();  // one alone gets half, each of n an (n + 1)th
//   routes.give_back(asker, 1);
//
// So whoever comes anew finds room, whatever the others have taken (Choudhury and Hahne, "Dynamic
// Queue Length Thresholds", 1998, with the factor 1).
#pragma once

#include <cstddef>
#include <map>

#include "base/check.h"
#include "dht/contact/node_id.h"

namespace macula::dht {

class Shares {
 public:
  explicit Shares(std::size_t limit) : limit_(limit) {}

  // False: with `count` more `holder` would have more than its share.
  [[nodiscard]] bool take(const NodeId& holder, std::size_t count) {
    const auto at = held_.find(holder);
    const std::size_t held = at == held_.end() ? 0 : at->second;
    if (held + count > limit_ - taken_) return false;
    held_[holder] += count;
    taken_ += count;
    return true;
  }
  void give_back(const NodeId& holder, std::size_t count) {
    const auto at = held_.find(holder);
    MACULA_CHECK(at != held_.end() && at->second >= count && taken_ >= count);
    taken_ -= count;
    at->second -= count;
    if (at->second == 0) held_.erase(at);
  }

 private:
  std::size_t limit_;
  std::size_t taken_ = 0;
  // Ordered: ids come from outside, and whoever chooses them gains nothing.
  std::map<NodeId, std::size_t> held_;
};

}  // namespace macula::dht
