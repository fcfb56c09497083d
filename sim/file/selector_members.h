// Which nodes a selector may stand for, told from the names alone, before there is a world.
//
//   const SelectorMembers eu = members_of(selector, names);
//   eu.contains("eu#3");
//   eu.meets(other);               // some node is in both
//
// For `all`, names, indexes, lists of them, and samples, which count as all they are drawn from.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "sim/file/selector_parse.h"

namespace macula::sim {

class SelectorMembers {
 public:
  // `name` of a node: "edge1" or "eu#3".
  [[nodiscard]] bool contains(std::string_view name) const;
  [[nodiscard]] bool meets(const SelectorMembers& other) const;
  // A node or group that is in both: "eu#3", "eu"; empty: none is.
  [[nodiscard]] std::string common(const SelectorMembers& other) const;

 private:
  friend SelectorMembers members_of(const Selector& selector, const PopulationNames& names);
  friend std::string certain_overlap(const Selector& a, const Selector& b,
                                     const PopulationNames& names);
  // `draws`: what any and sample draw from counts, too.
  void add(const Selector& selector, const PopulationNames& names, bool draws);

  struct Part {
    bool whole = false;
    std::set<std::uint32_t> indexes;  // where it is not the whole
  };
  std::map<std::string, Part, std::less<>> parts_;  // by population
};

[[nodiscard]] SelectorMembers members_of(const Selector& selector, const PopulationNames& names);

// A node or group that belongs to both whenever they are asked, draws left aside; empty: none does.
[[nodiscard]] std::string certain_overlap(const Selector& a, const Selector& b,
                                          const PopulationNames& names);

// Whether it stands for the same nodes whenever it is asked, samples aside: see above.
[[nodiscard]] bool is_fixed(const Selector& selector);

}  // namespace macula::sim
