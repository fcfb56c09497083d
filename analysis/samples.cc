#include "analysis/samples.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/check.h"

namespace macula {
namespace {

constexpr std::uint64_t kFew = 16'384;
constexpr unsigned kDigitBits = 16;
constexpr std::uint64_t kDigitMask = (std::uint64_t{1} << kDigitBits) - 1;

}  // namespace

// A copy of few words is put in order as far as need be. With many: one digit a pass, from the
// highest: count how many share the digits found so far and have each value in the next, and see in
// which of them the rank falls.
template <typename Word>
Word Samples::Log<Word>::ranked(std::uint64_t rank) const {
  MACULA_CHECK(rank < count());
  if (count() <= kFew) {
    std::vector<Word> words;
    words.reserve(count());
    for (std::size_t i = 0; i < chunks_.size(); ++i) {
      const auto filled = static_cast<std::ptrdiff_t>(i + 1 == chunks_.size() ? used_ : kChunk);
      words.insert(words.end(), chunks_[i]->begin(), chunks_[i]->begin() + filled);
    }
    const auto at = words.begin() + static_cast<std::ptrdiff_t>(rank);
    std::nth_element(words.begin(), at, words.end());
    return *at;
  }
  std::vector<std::uint64_t> digit_counts(kDigitMask + 1);
  Word found = 0;
  Word found_mask = 0;
  for (unsigned shift = sizeof(Word) * 8; shift > 0;) {
    shift -= kDigitBits;
    std::fill(digit_counts.begin(), digit_counts.end(), 0);
    for (std::size_t i = 0; i < chunks_.size(); ++i) {
      const std::size_t filled = i + 1 == chunks_.size() ? used_ : kChunk;
      for (std::size_t j = 0; j < filled; ++j) {
        const Word word = (*chunks_[i])[j];
        digit_counts[(word >> shift) & kDigitMask] += (word & found_mask) == found ? 1 : 0;
      }
    }
    std::uint64_t digit = 0;
    for (; rank >= digit_counts[digit]; ++digit) {
      rank -= digit_counts[digit];
    }
    found = static_cast<Word>(found | (digit << shift));
    found_mask = static_cast<Word>(found_mask | (kDigitMask << shift));
  }
  return found;
}

// In any order: the full chunks go to the front, what is in the last is added.
template <typename Word>
void Samples::Log<Word>::take(Log&& other) {
  if (other.chunks_.empty()) return;
  const auto last = std::move(other.chunks_.back());
  other.chunks_.pop_back();
  chunks_.insert(chunks_.begin(), std::make_move_iterator(other.chunks_.begin()),
                 std::make_move_iterator(other.chunks_.end()));
  for (std::size_t i = 0; i < other.used_; ++i) add((*last)[i]);
  other = {};
}

void Samples::take(Samples&& other) {
  for (std::size_t i = 0; i < kCounted; ++i) counts_[i] += other.counts_[i];
  alls_ += other.alls_;
  narrow_below_all_ += other.narrow_below_all_;
  negative_ += other.negative_;
  narrow_.take(std::move(other.narrow_));
  wide_.take(std::move(other.wide_));
  count_ += other.count_;
  sum_ += other.sum_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
  other = {};
}

std::int64_t Samples::min() const {
  MACULA_CHECK(!empty());
  return min_;
}

std::int64_t Samples::max() const {
  MACULA_CHECK(!empty());
  return max_;
}

double Samples::mean() const {
  MACULA_CHECK(!empty());
  const auto count = static_cast<Int128>(count_);
  const auto whole = static_cast<std::int64_t>(sum_ / count);
  const auto rest = static_cast<std::int64_t>(sum_ % count);
  return static_cast<double>(whole) + static_cast<double>(rest) / static_cast<double>(count_);
}

std::int64_t Samples::percentile(std::uint32_t parts_per_million) const {
  MACULA_CHECK(!empty() && parts_per_million <= kAll);
  const Int128 scaled = (Int128{parts_per_million} * count_ + kAll - 1) / kAll;
  std::uint64_t rank = std::max<std::uint64_t>(static_cast<std::uint64_t>(scaled), 1) - 1;
  // In order: the negative ones, those counted, the narrow ones with kAll among them, the other
  // wide ones.
  const auto wide = [this](std::uint64_t at) {
    return static_cast<std::int64_t>(wide_.ranked(at) ^ kSignBit);
  };
  if (rank < negative_) {
    return wide(rank);
  }
  rank -= negative_;
  for (std::size_t value = 0; value < kCounted; ++value) {
    if (rank < counts_[value]) {
      return static_cast<std::int64_t>(value);
    }
    rank -= counts_[value];
  }
  if (rank >= narrow_below_all_) {
    if (rank - narrow_below_all_ < alls_) return std::int64_t{kAll};
    rank -= alls_;
  }
  if (rank < narrow_.count()) {
    return narrow_.ranked(rank);
  }
  return wide(rank - narrow_.count() + negative_);
}

}  // namespace macula
