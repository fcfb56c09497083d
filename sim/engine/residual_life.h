// The remainder of a life that is met at a random instant.
//
//   const ResidualLife remaining(session);
//   Duration rest = remaining.sample(stream.next(), stream.next());
//
// A population that has come and gone for long is met in the middle of its sessions: a session is
// met with a probability in proportion to its length, and anywhere in it. So the rest of it has the
// survival S_r(t) = 1/mean * (integral of S from t to infinity) and not S: only for the exponential
// they are the same (D. Cox, Renewal Theory, 1962, section 5.3).
//
// Integers only, by a table of quantiles summed up, finest where lives are longest: within 1e-4 of
// the true share, for distributions whose mean exists.
#pragma once

#include <cstdint>
#include <vector>

#include "base/hash.h"
#include "sim/engine/distribution.h"

namespace macula::sim {

class ResidualLife {
 public:
  explicit ResidualLife(const Distribution& life);

  // The mean of whole lives.
  [[nodiscard]] Duration mean() const { return Duration{static_cast<std::int64_t>(total_ >> 64)}; }
  // `which` chooses the life that is met, `where` the instant in it; 64 uniform bits each.
  [[nodiscard]] Duration sample(std::uint64_t which, std::uint64_t where) const;

 private:
  // Ranks from `first` on, `width` of them, whose lives are about equally long.
  struct Interval {
    std::uint64_t first;
    std::uint64_t length;  // of the life in the middle
    Uint128 sum_before;    // of length * width of all intervals before this one
  };

  void add(std::uint64_t first, std::uint64_t width);

  Distribution life_;
  std::vector<Interval> intervals_;  // by rank, those of no length left out
  Uint128 total_ = 0;                // 2^64 times the mean
};

}  // namespace macula::sim
