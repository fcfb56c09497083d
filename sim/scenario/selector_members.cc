#include "sim/scenario/selector_members.h"

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
  return std::any_of(parts_.begin(), parts_.end(), [&](const auto& named) {
    const auto found = other.parts_.find(named.first);
    if (found == other.parts_.end()) return false;
    const Part& mine = named.second;
    const Part& theirs = found->second;
    if (mine.whole || theirs.whole) return true;
    return std::any_of(mine.indexes.begin(), mine.indexes.end(),
                       [&](std::uint32_t index) { return theirs.indexes.count(index) != 0; });
  });
}

void SelectorMembers::add(const Selector& selector, const PopulationNames& names) {
  if (selector.kind == Selector::Kind::all) {
    for (const auto& [name, count] : names) parts_[name].whole = true;
  } else if (selector.kind == Selector::Kind::named) {
    parts_[selector.name].whole = true;
  } else if (selector.kind == Selector::Kind::indexed) {
    parts_[selector.name].indexes.insert(selector.number);
  }
  for (const Selector& member : selector.members) add(member, names);
}

SelectorMembers members_of(const Selector& selector, const PopulationNames& names) {
  SelectorMembers members;
  members.add(selector, names);
  return members;
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
