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
  cells_ = Cells(entries_.size(), [&](std::size_t i) { return entries_[i].name_hash; });
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
