#include "dht/quic/host/flat_index.h"

#include <utility>

#include "base/check.h"
#include "base/hash.h"

namespace macula::dht::quic::host {
namespace {

constexpr std::size_t kFirstEntries = 8;

}  // namespace

std::size_t FlatIndex::home(std::uint64_t key) const {
  return static_cast<std::size_t>(mix(key, 0)) & (entries_.size() - 1);
}

std::size_t FlatIndex::place(std::uint64_t key) const {
  std::size_t i = home(key);
  while (entries_[i].value != kNoHandle && entries_[i].key != key) {
    i = (i + 1) & (entries_.size() - 1);
  }
  return i;
}

Handle FlatIndex::get(std::uint64_t key) const {
  return entries_.empty() ? kNoHandle : entries_[place(key)].value;
}

void FlatIndex::set(std::uint64_t key, Handle value) {
  MACULA_CHECK(value != kNoHandle);
  if (4 * (size_ + 1) > 3 * entries_.size()) grow();
  Entry& entry = entries_[place(key)];
  if (entry.value == kNoHandle) ++size_;
  entry = {key, value};
}

void FlatIndex::erase(std::uint64_t key) {
  if (entries_.empty()) return;
  std::size_t hole = place(key);
  if (entries_[hole].value == kNoHandle) return;
  const std::size_t mask = entries_.size() - 1;
  for (std::size_t i = (hole + 1) & mask; entries_[i].value != kNoHandle; i = (i + 1) & mask) {
    // An entry may move back to the hole unless its home lies behind it.
    const std::size_t from_home = (i - home(entries_[i].key)) & mask;
    if (from_home >= ((i - hole) & mask)) {
      entries_[hole] = entries_[i];
      hole = i;
    }
  }
  entries_[hole] = {};
  --size_;
}

void FlatIndex::grow() {
  std::vector<Entry> former(entries_.empty() ? kFirstEntries : 2 * entries_.size());
  std::swap(former, entries_);
  for (const Entry& entry : former) {
    if (entry.value != kNoHandle) entries_[place(entry.key)] = entry;
  }
}

}  // namespace macula::dht::quic::host
