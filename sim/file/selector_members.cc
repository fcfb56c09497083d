#include "sim/file/selector_members.h"

#include <algorithm>
#include <charconv>

namespace macula::sim {

bool SelectorMembers::contains(std::string_view name) const {
  const std::size_t hash = name.find('#');
  const auto part = parts_.find(name.substr(0, hash));
  if (part == parts_.end()) return false;
  if (part->second.whole || hash == std::string_view::npos) return part->second.whole;
  std::uint32_t index = 0;
  std::from_chars(name.data() + hash + 1, name.data() + name.size(), index);
  return part->second.indexes.count(index) != 0;
}

bool SelectorMembers::meets(const SelectorMembers& other) const {
  return !common(other).empty();
}

std::string SelectorMembers::common(const SelectorMembers& other) const {
  for (const auto& [name, mine] : parts_) {
    const auto found = other.parts_.find(name);
    if (found == other.parts_.end()) continue;
    const Part& theirs = found->second;
    if (mine.whole && theirs.whole) return name;
    const Part& some = mine.whole ? theirs : mine;
    const Part& rest = mine.whole ? mine : theirs;
    for (const std::uint32_t index : some.indexes) {
      if (rest.whole || rest.indexes.count(index) != 0) return name + '#' + std::to_string(index);
    }
  }
  return {};
}

void SelectorMembers::add(const Selector& selector, const PopulationNames& names, bool draws) {
  if (selector.kind == Selector::Kind::all) {
    for (const auto& [name, count] : names) parts_[name].whole = true;
  } else if (selector.kind == Selector::Kind::named) {
    parts_[selector.name].whole = true;
  } else if (selector.kind == Selector::Kind::indexed) {
    parts_[selector.name].indexes.insert(selector.number);
  }
  if (selector.kind != Selector::Kind::list && !draws) return;
  for (const Selector& member : selector.members) add(member, names, draws);
}

SelectorMembers members_of(const Selector& selector, const PopulationNames& names) {
  SelectorMembers members;
  members.add(selector, names, true);
  return members;
}

std::string certain_overlap(const Selector& a, const Selector& b, const PopulationNames& names) {
  SelectorMembers of_a;
  of_a.add(a, names, false);
  SelectorMembers of_b;
  of_b.add(b, names, false);
  return of_a.common(of_b);
}

bool is_fixed(const Selector& selector) {
  switch (selector.kind) {
    case Selector::Kind::all:
    case Selector::Kind::named:
    case Selector::Kind::indexed:
      return true;
    case Selector::Kind::sample:
    case Selector::Kind::list:
      return std::all_of(selector.members.begin(), selector.members.end(), is_fixed);
    default:
      return false;
  }
}

}  // namespace macula::sim
