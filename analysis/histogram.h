// How samples are distributed, in little room: counted in buckets, so that each sample is known to
// one part in a hundred. Those of several runs add up to that of all of them.
//
//   Histogram latency;
//   latency.add(41'287'680);
//   latency.merge(other);
//   latency.percentile(990'000);   // p99, nearest-rank, within kError
//
// Below 128 each number has a bucket of its own. Above it each power of two is cut into 64 equal
// ones, as in HdrHistogram (hdrhistogram.org), and the middle stands for all in it.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "analysis/samples.h"

namespace macula {

class Histogram {
 public:
  // By at most this share a sample is off the middle of its bucket.
  static constexpr double kError = 1.0 / 128;

  struct Bar {
    std::uint64_t value = 0;  // the middle of its bucket
    std::uint64_t count = 0;
    [[nodiscard]] bool operator==(const Bar&) const = default;
  };

  void add(std::uint64_t value, std::uint64_t times = 1);
  void merge(const Histogram& other);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  // The smallest value such that at least this share of all are not above it. An empty histogram is
  // a bug.
  [[nodiscard]] std::uint64_t percentile(std::uint32_t parts_per_million) const;
  // Those that are not empty, in order.
  [[nodiscard]] std::vector<Bar> bars() const;

 private:
  std::map<std::uint32_t, std::uint64_t> counts_;  // by bucket
  std::uint64_t count_ = 0;
};

// The histogram of all samples; one below 0 counts as 0.
[[nodiscard]] Histogram histogram_of(const Samples& samples);

}  // namespace macula
