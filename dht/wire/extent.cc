#include "dht/wire/extent.h"

#include <algorithm>

namespace macula::dht::wire {
namespace {

constexpr std::size_t kValue = 40;
constexpr std::size_t kEntry = 72;
constexpr std::size_t kBlock = 16;    // of the allocator, for each piece of memory
constexpr std::size_t kInPlace = 15;  // bytes of a text that need no memory of their own

std::size_t memory_of(const Bytes& text) {
  return text.size() > kInPlace ? text.size() + 1 + kBlock : 0;
}

static_assert(sizeof(Value) <= kValue && sizeof(Entry) <= kEntry);

}  // namespace

Extent extent_of(const Value& value) {
  Extent extent{0, 1, 0};
  const auto add = [&](const Value& element) {
    const Extent inner = extent_of(element);
    extent.memory += inner.memory;
    extent.values += inner.values;
    extent.depth = std::max(extent.depth, inner.depth);
  };
  if (const Bytes* text = value.as_bytes()) extent.memory = memory_of(*text);
  if (const Array* elements = value.as_array()) {
    extent.memory = elements->empty() ? 0 : kBlock + kValue * elements->size();
    for (const Value& element : *elements) add(element);
    ++extent.depth;
  }
  if (const Map* entries = value.as_map()) {
    extent.memory = entries->empty() ? 0 : kBlock + kEntry * entries->size();
    for (const Entry& entry : *entries) {
      extent.memory += memory_of(entry.key);
      ++extent.values;
      add(entry.value);
    }
    ++extent.depth;
  }
  return extent;
}

}  // namespace macula::dht::wire
