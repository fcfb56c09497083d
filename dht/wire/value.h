// A MessagePack value, in the subset that Macula speaks.
//
//   Value provider{Map{{"node_id", Value{id_to_bytes(id)}}, {"ttl", Value{std::uint64_t{300}}}}};
//
// All text is MessagePack bin, so `Bytes` serves for both text and binary. Integers have one form:
// unsigned unless negative. Maps are kept sorted by key bytes, each key once, which is the order in
// which they are sent; `make_map` sorts.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace macula::dht::wire {

struct Value;

using Bytes = std::string;
using Array = std::vector<Value>;
struct Entry;
using Map = std::vector<Entry>;

struct Nil {
  friend bool operator==(Nil, Nil) { return true; }
};

struct Value {
  using Variant = std::variant<Nil, bool, std::int64_t, std::uint64_t, double, Bytes, Array, Map>;
  Variant data;

  // The entry `key` of a map; nothing where this is no map or lacks the key.
  [[nodiscard]] const Value* find(std::string_view key) const;
  // This value as the given alternative, or nothing.
  [[nodiscard]] const Bytes* as_bytes() const;
  [[nodiscard]] const Map* as_map() const;
  [[nodiscard]] const Array* as_array() const;
  [[nodiscard]] const std::uint64_t* as_unsigned() const;
};

// One entry of a map.
struct Entry {
  Bytes key;
  Value value;
};

inline const Bytes* Value::as_bytes() const {
  return std::get_if<Bytes>(&data);
}
inline const Map* Value::as_map() const {
  return std::get_if<Map>(&data);
}
inline const Array* Value::as_array() const {
  return std::get_if<Array>(&data);
}
inline const std::uint64_t* Value::as_unsigned() const {
  return std::get_if<std::uint64_t>(&data);
}

bool operator==(const Value& a, const Value& b);

// An integer in its one form.
[[nodiscard]] Value make_integer(std::int64_t number);
// Sorts by key; of equal keys the last one given stays.
[[nodiscard]] Value make_map(Map entries);
void sort_map(Map& entries);

// Values travel from store to store and through replies unchanged: they are shared, not copied.
using SharedValue = std::shared_ptr<const Value>;

}  // namespace macula::dht::wire
