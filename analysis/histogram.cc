#include "analysis/histogram.h"

#include <algorithm>
#include <bit>

#include "base/check.h"

namespace macula {
namespace {

constexpr unsigned kHalfBits = 6;  // buckets in a power of two, as a power
constexpr std::uint64_t kHalf = std::uint64_t{1} << kHalfBits;
constexpr std::uint64_t kExact = 2 * kHalf;  // below it each number has its own
constexpr std::uint64_t kAll = 1'000'000;    // millionths

// A value has kHalfBits + 1 leading binary digits, and so many that are left out.
std::uint32_t bucket_of(std::uint64_t value) {
  if (value < kExact) return static_cast<std::uint32_t>(value);
  const auto left_out = static_cast<unsigned>(std::bit_width(value)) - kHalfBits - 1;
  return static_cast<std::uint32_t>(left_out * kHalf + (value >> left_out));
}

std::uint64_t middle_of(std::uint32_t bucket) {
  if (bucket < kExact) return bucket;
  const unsigned left_out = bucket / static_cast<unsigned>(kHalf) - 1;
  const std::uint64_t leading = bucket - left_out * kHalf;
  return (leading << left_out) + (std::uint64_t{1} << left_out) / 2;
}

}  // namespace

void Histogram::add(std::uint64_t value, std::uint64_t times) {
  if (times == 0) return;
  counts_[bucket_of(value)] += times;
  count_ += times;
}

void Histogram::merge(const Histogram& other) {
  for (const auto& [bucket, count] : other.counts_) counts_[bucket] += count;
  count_ += other.count_;
}

std::uint64_t Histogram::percentile(std::uint32_t parts_per_million) const {
  MACULA_CHECK(count_ != 0 && parts_per_million <= kAll);
  __extension__ using Int128 = __int128;
  const auto scaled = (Int128{parts_per_million} * count_ + kAll - 1) / kAll;
  std::uint64_t rank = std::max<std::uint64_t>(static_cast<std::uint64_t>(scaled), 1);
  for (const auto& [bucket, count] : counts_) {
    if (rank <= count) return middle_of(bucket);
    rank -= count;
  }
  MACULA_CHECK(false);
}

std::vector<Histogram::Bar> Histogram::bars() const {
  std::vector<Bar> bars;
  bars.reserve(counts_.size());
  for (const auto& [bucket, count] : counts_) bars.push_back({middle_of(bucket), count});
  return bars;
}

Histogram histogram_of(const Samples& samples) {
  Histogram histogram;
  samples.for_each([&](std::int64_t value, std::uint64_t times) {
    histogram.add(static_cast<std::uint64_t>(std::max<std::int64_t>(value, 0)), times);
  });
  return histogram;
}

}  // namespace macula
