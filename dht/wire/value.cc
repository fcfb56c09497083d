#include "dht/wire/value.h"

#include <algorithm>

namespace macula::dht::wire {
namespace {

bool operator==(const Entry& a, const Entry& b) {
  return a.key == b.key && a.value == b.value;
}

bool below(const Entry& a, const Entry& b) {
  return a.key < b.key;
}

bool not_below(const Entry& a, const Entry& b) {
  return !(a.key < b.key);
}

bool equal_maps(const Map& a, const Map& b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(),
                    [](const Entry& left, const Entry& right) { return left == right; });
}

}  // namespace

const Value* Value::find(std::string_view key) const {
  const Map* map = as_map();
  if (map == nullptr) return nullptr;
  const auto found = std::lower_bound(map->begin(), map->end(), key,
                                      [](const Entry& entry, std::string_view wanted) {
                                        return std::string_view(entry.key) < wanted;
                                      });
  return found != map->end() && found->key == key ? &found->value : nullptr;
}

bool operator==(const Value& a, const Value& b) {
  const Map* map_a = a.as_map();
  const Map* map_b = b.as_map();
  if (map_a != nullptr && map_b != nullptr) return equal_maps(*map_a, *map_b);
  if (a.data.index() != b.data.index()) return false;
  if (const Array* array = a.as_array()) return *array == *b.as_array();
  if (const Bytes* bytes = a.as_bytes()) return *bytes == *b.as_bytes();
  if (const auto* number = a.as_unsigned()) return *number == *b.as_unsigned();
  if (const auto* number = std::get_if<std::int64_t>(&a.data)) {
    return *number == std::get<std::int64_t>(b.data);
  }
  if (const auto* number = std::get_if<double>(&a.data)) return *number == std::get<double>(b.data);
  if (const auto* flag = std::get_if<bool>(&a.data)) return *flag == std::get<bool>(b.data);
  return true;  // both nil
}

Value make_integer(std::int64_t number) {
  if (number < 0) return {number};
  return {static_cast<std::uint64_t>(number)};
}

void sort_map(Map& entries) {
  // Peers send maps sorted more often than not: then there is nothing to do.
  if (std::adjacent_find(entries.begin(), entries.end(), not_below) == entries.end()) return;
  std::stable_sort(entries.begin(), entries.end(), below);
  Map unique;
  unique.reserve(entries.size());
  for (Entry& entry : entries) {
    if (!unique.empty() && unique.back().key == entry.key) {
      unique.back().value = std::move(entry.value);
    } else {
      unique.push_back(std::move(entry));
    }
  }
  entries = std::move(unique);
}

Value make_map(Map entries) {
  sort_map(entries);
  Value value;
  value.data.emplace<Map>(std::move(entries));
  return value;
}

}  // namespace macula::dht::wire
