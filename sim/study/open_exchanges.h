// What is known of the exchanges of a trace that are under way, by their names.
//
//   OpenExchanges<std::uint64_t> sent(1000);
//   sent.open("eu#0/7") = 12;
//   if (auto* known = sent.find("eu#0/7")) ...
//   sent.close("eu#0/7");
//
// Those of nodes that crash, and messages that are lost, never end: once there are too many, the
// oldest is forgotten.
#pragma once

#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

namespace macula::sim {

template <typename State>
class OpenExchanges {
 public:
  explicit OpenExchanges(std::size_t most) : most_(most) {}

  // A new one; names are not used twice.
  State& open(std::string_view name) {
    close(name);
    if (entries_.size() == most_) close(entries_.front().name);
    entries_.push_back({std::string(name), {}});
    by_name_[entries_.back().name] = std::prev(entries_.end());
    return entries_.back().state;
  }
  // nullptr: it is not open.
  [[nodiscard]] State* find(std::string_view name) {
    const auto known = by_name_.find(name);
    return known != by_name_.end() ? &known->second->state : nullptr;
  }
  void close(std::string_view name) {
    const auto known = by_name_.find(name);
    if (known == by_name_.end()) return;
    const auto entry = known->second;
    by_name_.erase(known);
    entries_.erase(entry);
  }

 private:
  struct Entry {
    std::string name;
    State state;
  };

  std::size_t most_;
  std::list<Entry> entries_;  // by age
  std::unordered_map<std::string_view, typename std::list<Entry>::iterator> by_name_;
};

}  // namespace macula::sim
