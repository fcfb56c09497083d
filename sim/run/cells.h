// Sorted 64-bit numbers that are uniform, in cells by their first bits: some eight a cell.
//
//   Cells cells(count, [&](std::size_t i) { return hashes[i]; });
//   cells.range(cells.of(word));                  // where that cell begins and ends
//   if (const auto range = cells.tried(attempt, 0, cells.count())) ...
//   cells.try_some(attempts, 0, cells.count(), taken);  // the same for many attempts
//
// How many cells there are goes by powers of two of the count: one number more or less changes it
// for hardly any.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/hash.h"
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
    for (std::size_t i = 1; i < starts_.size(); ++i) starts_[i] += starts_[i - 1];
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
  // how many are in it: so each number of it has the same one. `attempt` is 64 uniform bits.
  // Nothing: try another.
  [[nodiscard]] std::optional<Range> tried(std::uint64_t attempt, std::size_t first,
                                           std::size_t end) const {
    const Range taken = range(drawn(attempt, first, end));
    if (more_than(attempt) >= taken.second - taken.first) return std::nullopt;
    return taken;
  }

  // An attempt, and the cell that it takes: the first in it, and one past the last.
  struct Taken {
    std::uint64_t attempt;
    std::uint32_t first;
    std::uint32_t end;
  };
  static constexpr std::size_t kSome = 32;
  // The next kSome attempts of a stream. How many cells they take, which `taken` then begins with,
  // in order. Nothing branches on what is drawn, for no processor can guess it.
  std::size_t try_some(RandomStream& attempts, std::size_t first, std::size_t end,
                       std::array<Taken, kSome>& taken) const {
    std::size_t count = 0;
    for (std::size_t i = 0; i < kSome; ++i) {
      const std::uint64_t attempt = attempts.next();
      const std::size_t cell = drawn(attempt, first, end);
      taken[count] = {attempt, starts_[cell], starts_[cell + 1]};
      count += more_than(attempt) < taken[count].end - taken[count].first ? 1 : 0;
    }
    return count;
  }

 private:
  // One cell of a million has more, with eight on average; it is taken as often as if it had so
  // many.
  static constexpr std::uint64_t kMost = 24;

  // The first bits of an attempt: which of those cells.
  static std::size_t drawn(std::uint64_t attempt, std::size_t first, std::size_t end) {
    return first + static_cast<std::size_t>((Uint128{attempt} * (end - first)) >> 64);
  }
  // The last 32: the cell is taken if more are in it.
  static std::uint64_t more_than(std::uint64_t attempt) {
    return ((attempt & 0xffffffff) * kMost) >> 32;
  }

  unsigned bits_ = 0;
  std::vector<std::uint32_t> starts_;  // of each cell; one more at the end
};

}  // namespace macula::sim
