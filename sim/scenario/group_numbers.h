// The numbers of a group's nodes. A node that is left out takes no other's number, name or address.
//
//   GroupNumbers eu(100);            // eu#0 to eu#99
//   eu.members = {3, 17, 42};        // of these only so many are there
//   eu.size();                       // 3
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

namespace macula::sim {

struct GroupNumbers {
  // NOLINTNEXTLINE(google-explicit-constructor): most groups are their count
  GroupNumbers(std::uint32_t count) : count(count) {}

  std::uint32_t count;  // numbers are below it
  // Those that are there, ascending, each once; nothing: all.
  std::optional<std::vector<std::uint32_t>> members{};

  [[nodiscard]] std::uint32_t size() const {
    return members ? static_cast<std::uint32_t>(members->size()) : count;
  }
  [[nodiscard]] std::uint32_t first() const { return members ? members->front() : 0; }
  // Which of them bears the number, from 0; nothing where none does.
  [[nodiscard]] std::optional<std::uint32_t> place_of(std::uint32_t number) const {
    if (!members) return number < count ? std::optional(number) : std::nullopt;
    const auto at = std::lower_bound(members->begin(), members->end(), number);
    if (at == members->end() || *at != number) return std::nullopt;
    return static_cast<std::uint32_t>(at - members->begin());
  }
};

}  // namespace macula::sim
