// The samples of one metric, all of them, so that percentiles are exact.
//
//   Samples latency;
//   latency.add(elapsed_ns);
//   latency.percentile(990'000);   // p99, nearest-rank
//
// Small numbers (hops, rounds, yes and no) and shares of all, in millionths, are counted and take
// no room at all; what fits 32 bits (nanoseconds up to 4.29 s) takes 4 bytes, the rest 8. Nothing
// is ever copied to grow or sorted to be asked: ten million latencies are 40 MB, and a percentile
// of them two passes of counting.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

namespace macula {

class Samples {
 public:
  void add(std::int64_t value) {
    const auto bits = static_cast<std::uint64_t>(value);
    if (bits < kCounted) {
      ++counts_[bits];
    } else if (bits == kAll) {
      ++alls_;
    } else if (bits <= std::numeric_limits<std::uint32_t>::max()) {
      narrow_.add(static_cast<std::uint32_t>(bits));
      narrow_below_all_ += bits < kAll ? 1 : 0;
    } else {
      negative_ += bits >> 63;
      wide_.add(bits ^ kSignBit);
    }
    ++count_;
    sum_ += value;
    min_ = value < min_ ? value : min_;
    max_ = value > max_ ? value : max_;
  }

  // All of another's, which has none afterwards.
  void take(Samples&& other);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] bool empty() const { return count_ == 0; }

  // These are of at least one sample; asking without any is a bug.
  [[nodiscard]] std::int64_t min() const;
  [[nodiscard]] std::int64_t max() const;
  // From the exact sum, by operations that IEEE 754 defines to the bit: the same everywhere.
  [[nodiscard]] double mean() const;
  // The smallest sample such that at least this share of all are not above it (nearest-rank); 0
  // gives the minimum, 1'000'000 (the most) the maximum.
  [[nodiscard]] std::int64_t percentile(std::uint32_t parts_per_million) const;

  // Each with how often it is there, in no particular order: `visit(value, times)`.
  template <typename Visit>
  void for_each(Visit visit) const {
    for (std::size_t value = 0; value < kCounted; ++value) {
      if (counts_[value] != 0) visit(static_cast<std::int64_t>(value), counts_[value]);
    }
    if (alls_ != 0) visit(std::int64_t{kAll}, alls_);
    narrow_.for_each([&](std::uint32_t word) { visit(std::int64_t{word}, 1); });
    wide_.for_each(
        [&](std::uint64_t word) { visit(static_cast<std::int64_t>(word ^ kSignBit), 1); });
  }

  // Memory held for samples, in bytes, beyond the object itself.
  [[nodiscard]] std::size_t reserved() const { return narrow_.reserved() + wide_.reserved(); }

 private:
  __extension__ using Int128 = __int128;

  // Numbers in the order of arrival, in chunks that never move.
  template <typename Word>
  class Log {
   public:
    static constexpr std::size_t kChunk = 4096;

    void add(Word word) {
      if (used_ == kChunk) {
        chunks_.push_back(std::make_unique<std::array<Word, kChunk>>());
        used_ = 0;
      }
      (*chunks_.back())[used_++] = word;
    }
    // Copies no more than a chunk.
    void take(Log&& other);
    [[nodiscard]] std::uint64_t count() const {
      return chunks_.empty() ? 0 : (chunks_.size() - 1) * kChunk + used_;
    }
    [[nodiscard]] std::size_t reserved() const {
      return chunks_.size() * sizeof(std::array<Word, kChunk>);
    }
    template <typename Visit>
    void for_each(Visit visit) const {
      for (std::size_t i = 0; i < chunks_.size(); ++i) {
        const std::size_t filled = i + 1 == chunks_.size() ? used_ : kChunk;
        for (std::size_t j = 0; j < filled; ++j) visit((*chunks_[i])[j]);
      }
    }
    // The word of this rank, counted from 0, were they sorted.
    [[nodiscard]] Word ranked(std::uint64_t rank) const;

   private:
    std::vector<std::unique_ptr<std::array<Word, kChunk>>> chunks_;
    std::size_t used_ = kChunk;
  };

  static constexpr std::size_t kCounted = 256;
  static constexpr std::uint64_t kAll = 1'000'000;  // millionths
  // Flipped, it puts signed numbers in unsigned order.
  static constexpr std::uint64_t kSignBit = std::uint64_t{1} << 63;

  std::uint64_t count_ = 0;
  Int128 sum_ = 0;
  std::int64_t min_ = std::numeric_limits<std::int64_t>::max();
  std::int64_t max_ = std::numeric_limits<std::int64_t>::min();
  std::uint64_t negative_ = 0;
  std::array<std::uint64_t, kCounted> counts_{};
  std::uint64_t alls_ = 0;              // that are kAll
  std::uint64_t narrow_below_all_ = 0;  // of `narrow_`, those below kAll
  Log<std::uint32_t> narrow_;
  Log<std::uint64_t> wide_;
};

}  // namespace macula
