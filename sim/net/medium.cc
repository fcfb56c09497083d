#include "sim/net/medium.h"

#include <algorithm>
#include <utility>

namespace macula::sim {

std::size_t Medium::add(std::shared_ptr<const Rule> rule) {
  const std::size_t number = stopped_.size();
  rules_.push_back({number, std::move(rule)});
  stopped_.push_back(0);
  return number;
}

void Medium::remove(std::size_t number) {
  std::erase_if(rules_, [&](const Standing& each) { return each.number == number; });
}

std::vector<std::size_t> Medium::standing() const {
  std::vector<std::size_t> numbers;
  for (const Standing& each : rules_) numbers.push_back(each.number);
  return numbers;
}

bool Medium::meets(const Packet& packet) {
  bool stopped = false;
  for (const Standing& each : rules_) {
    if (!each.rule->stops(packet)) continue;
    ++stopped_[each.number];
    stopped = true;
  }
  return stopped;
}

bool Medium::parts(NodeNumber from, NodeNumber to) const {
  return std::any_of(rules_.begin(), rules_.end(),
                     [&](const Standing& each) { return each.rule->parts(from, to); });
}

}  // namespace macula::sim
