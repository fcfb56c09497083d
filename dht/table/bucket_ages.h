// When each bucket's part of the space was last looked up, and the node's own id.
//
//   BucketAges looked_up;
//   looked_up.touch(bucket_index(self, target), now);
//   const BucketAges::Oldest oldest = looked_up.oldest(buckets);
//
// The own id stands as bucket NodeId::kBits. Times are in whole seconds, as what goes by them
// happens within hours. A bucket that was never touched was looked up at the origin of time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/time.h"
#include "dht/contact/node_id.h"

namespace macula::dht {

class BucketAges {
 public:
  // Buckets beyond this are not kept apart: the nearest of 2^64 nodes lie there.
  static constexpr std::size_t kDeepest = 63;

  struct Oldest {
    std::size_t bucket = 0;
    Time time{};
  };

  void touch(int bucket, Time now) {
    const std::uint32_t seconds = to_seconds(now);
    if (bucket == NodeId::kBits) {
      self_ = seconds;
      return;
    }
    const std::size_t place = place_of(static_cast<std::size_t>(bucket));
    if (place >= buckets_.size()) buckets_.resize(place + 1);
    buckets_[place] = seconds;
  }

  // The oldest of buckets 0 to `buckets` - 1 and the own id; the farthest of several.
  [[nodiscard]] Oldest oldest(std::size_t buckets) const {
    Oldest oldest{NodeId::kBits, time_from_seconds(self_)};
    for (std::size_t bucket = buckets; bucket-- > 0;) {
      const std::size_t place = place_of(bucket);
      const Time time = time_from_seconds(place < buckets_.size() ? buckets_[place] : 0);
      if (time <= oldest.time) oldest = {bucket, time};
    }
    return oldest;
  }

 private:
  static std::size_t place_of(std::size_t bucket) { return bucket < kDeepest ? bucket : kDeepest; }

  std::vector<std::uint32_t> buckets_;
  std::uint32_t self_ = 0;
};

}  // namespace macula::dht
