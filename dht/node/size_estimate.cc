#include "dht/node/size_estimate.h"

#include <algorithm>
#include <limits>

#include "base/check.h"

namespace macula::dht {
namespace {

__extension__ using Wide = unsigned __int128;

}  // namespace

// The sums fit: an answer has far fewer than 2^16 nodes, so that they stay below 2^(64 + 32).
void SizeEstimate::add(const ContactBook& book, const NodeId& target,
                       const std::vector<ContactRef>& closest) {
  MACULA_CHECK(closest.size() <= std::numeric_limits<std::uint16_t>::max());
  Wide squares = 0;
  Wide distances = 0;
  for (std::size_t i = 1; i <= closest.size(); ++i) {
    squares += Wide{i} * i;
    distances += Wide{i} * (book.prefix(closest[i - 1]) ^ target.words[0]);
  }
  if (distances == 0) return;
  // So that the rounded sum of all fits is in range, however close somebody claims to be.
  const Wide most = std::numeric_limits<std::uint64_t>::max() / lookups_ - 1;
  const Wide fit = std::min((squares << 64) / distances, most);
  if (fits_.size() < lookups_) {
    fits_.push_back(static_cast<std::uint64_t>(fit));
    return;
  }
  fits_[oldest_] = static_cast<std::uint64_t>(fit);
  oldest_ = (oldest_ + 1) % lookups_;
}

std::optional<std::uint64_t> SizeEstimate::nodes() const {
  if (fits_.size() < lookups_) return std::nullopt;
  std::uint64_t sum = 0;
  for (const std::uint64_t fit : fits_) sum += fit;
  return (sum + lookups_ / 2) / lookups_;
}

}  // namespace macula::dht
