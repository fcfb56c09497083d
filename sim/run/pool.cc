#include "sim/run/pool.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace macula::sim {

Pool::Pool(std::vector<Entry> entries) : entries_(std::move(entries)) {
  std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
    return a.name_hash != b.name_hash ? a.name_hash < b.name_hash : a.node < b.node;
  });
  if (entries_.size() <= kFew) return;
  unsigned bits = 0;
  while (entries_.size() >> (bits + 3) > 0) ++bits;
  shift_ = 64 - bits;
  cells_.assign((std::size_t{1} << bits) + 1, 0);
  for (const Entry& entry : entries_) ++cells_[(entry.name_hash >> shift_) + 1];
  for (std::size_t i = 1; i < cells_.size(); ++i) cells_[i] += cells_[i - 1];
}

std::vector<NodeNumber> Pool::sample(std::uint64_t key, std::size_t count) const {
  MACULA_CHECK(count <= entries_.size());
  std::vector<std::pair<std::uint64_t, NodeNumber>> drawn;
  drawn.reserve(entries_.size());
  for (const Entry& entry : entries_) drawn.emplace_back(hash(key, entry), entry.node);
  const auto end = drawn.begin() + static_cast<std::ptrdiff_t>(count);
  std::nth_element(drawn.begin(), end, drawn.end());
  std::vector<NodeNumber> nodes;
  nodes.reserve(count);
  for (auto at = drawn.begin(); at != end; ++at) nodes.push_back(at->second);
  std::sort(nodes.begin(), nodes.end());
  return nodes;
}

}  // namespace macula::sim
