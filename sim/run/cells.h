// Sorted 64-bit numbers that are uniform, in cells by their first bits: some eight a cell.
//
//   Cells cells(count, [&](std::size_t i) { return hashes[i]; });
//   cells.range(cells.of(word));                  // where that cell begins and ends
//   if (const auto range = cells.tried(attempt, 0, cells.count())) ...
//   cells.try_some(key, 0, 0, cells.count(), taken);  // the same for many attempts
//
// How many cells there are goes by powers of two of the count: one number more or less changes it
// for hardly any.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "sim/engine/random.h"

namespace macula::sim {

class Cells {
 public:
  // First, and one past the last.
  using Range = std::pair<std::size_t, std::size_t>;

  Cells() = default;
  // `number(i)` of each i below `count`, ascending.
  template <typename Number>
  Cells(std::size_t count, Number number) {
    while (count >> (bits_ + 3) > 0) ++bits_;
    starts_.assign((std::size_t{1} << bits_) + 1, 0);
    for (std::size_t i = 0; i < count; ++i) ++starts_[of(number(i)) + 1];
    for (std::size_t i = 1; i < starts_.size(); ++i) {
      fullest_ = std::max(fullest_, starts_[i]);
      starts_[i] += starts_[i - 1];
    }
  }

  // There are 2 ^ bits() cells; none before it is filled.
  [[nodiscard]] unsigned bits() const { return bits_; }
  [[nodiscard]] std::size_t count() const { return starts_.empty() ? 0 : starts_.size() - 1; }
  [[nodiscard]] std::size_t of(std::uint64_t number) const {
    return bits_ == 0 ? 0 : static_cast<std::size_t>(number >> (64 - bits_));
  }
  // The least number of a cell.
  [[nodiscard]] std::uint64_t least_of(std::size_t cell) const {
    return bits_ == 0 ? 0 : std::uint64_t{cell} << (64 - bits_);
  }
  [[nodiscard]] Range range(std::size_t cell) const { return {starts_[cell], starts_[cell + 1]}; }

  // Draws one of the cells from `first` to `end`, and takes it with a probability that goes with
  // how many are in it: so each number of it has the same one. Nothing: try another `attempt`.
  [[nodiscard]] std::optional<Range> tried(std::uint64_t attempt, std::size_t first,
                                           std::size_t end) const {
    // Most attempts come to nothing: those that no cell is full enough for are seen first.
    const std::uint64_t more_than = wanted(attempt);
    if (more_than >= fullest_) return std::nullopt;
    const Range taken = range(drawn(attempt, first, end));
    if (more_than >= taken.second - taken.first) return std::nullopt;
    return taken;
  }

  // An attempt, and the cell that it takes: the first in it, and one past the last.
  struct Taken {
    std::uint64_t attempt;
    std::uint32_t first;
    std::uint32_t end;
  };
  static constexpr std::size_t kSome = 32;
  // Makes the attempts mix(key, i), kSome of them from i = `begun` on. How many cells they take,
  // which `taken` then begins with, in order. Nothing branches on what is drawn, for no processor
  // can guess it.
  std::size_t try_some(std::uint64_t key, std::uint64_t begun, std::size_t first, std::size_t end,
                       std::array<Taken, kSome>& taken) const {
    std::array<std::uint64_t, kSome> attempts;
    std::array<std::uint64_t, kSome> more_than;
    std::size_t left = 0;
    for (std::size_t i = 0; i < kSome; ++i) {
      attempts[left] = mix(key, begun + i);
      more_than[left] = wanted(attempts[left]);
      left += more_than[left] < fullest_ ? 1 : 0;
    }
    std::size_t count = 0;
    for (std::size_t i = 0; i < left; ++i) {
      const std::size_t cell = drawn(attempts[i], first, end);
      taken[count] = {attempts[i], starts_[cell], starts_[cell + 1]};
      count += more_than[i] < taken[count].end - taken[count].first ? 1 : 0;
    }
    return count;
  }

 private:
  static constexpr unsigned kMostBits = 5;  // never are 2 ^ so many in a cell: eight on average

  // The first draw of an attempt: which of those cells.
  static std::size_t drawn(std::uint64_t attempt, std::size_t first, std::size_t end) {
    return first + static_cast<std::size_t>(RandomStream(attempt).below(end - first));
  }
  // The second: the cell is taken if more are in it.
  static std::uint64_t wanted(std::uint64_t attempt) {
    RandomStream second(attempt);
    static_cast<void>(second.next());
    return second.next() >> (64 - kMostBits);
  }

  unsigned bits_ = 0;
  std::vector<std::uint32_t> starts_;  // of each cell; one more at the end
  std::uint32_t fullest_ = 0;          // the most that are in one
};

}  // namespace macula::sim
