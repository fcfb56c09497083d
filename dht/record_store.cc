#include "dht/record_store.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/check.h"

namespace macula::dht {
namespace {

// Empty for a value that names no provider.
std::string_view provider_of(const wire::Value& value) {
  const wire::Value* id = value.find("node_id");
  const wire::Bytes* bytes = id != nullptr ? id->as_bytes() : nullptr;
  return bytes != nullptr ? std::string_view(*bytes) : std::string_view();
}

}  // namespace

bool RecordStore::put(const Key& key, wire::SharedValue value) {
  auto known_key = values_.find(key);
  if (known_key == values_.end()) {
    if (values_.size() >= limits_.keys) {
      ++refused_;
      return false;
    }
    known_key = values_.emplace(key, std::vector<wire::SharedValue>{}).first;
  }
  auto& values = known_key->second;
  const auto same = std::find_if(values.begin(), values.end(), [&](const wire::SharedValue& held) {
    return provider_of(*held) == provider_of(*value);
  });
  if (same != values.end()) {
    *same = std::move(value);
    return true;
  }
  if (values.size() >= limits_.values_per_key) {
    ++refused_;
    return false;
  }
  values.insert(values.begin(), std::move(value));
  return true;
}

const std::vector<wire::SharedValue>* RecordStore::find(const Key& key) const {
  const auto known = values_.find(key);
  return known != values_.end() ? &known->second : nullptr;
}

void RecordStore::check_invariants() const {
  MACULA_CHECK(values_.size() <= limits_.keys);
  for (const auto& [key, values] : values_) {
    MACULA_CHECK(!values.empty() && values.size() <= limits_.values_per_key);
    for (auto value = values.begin(); value != values.end(); ++value) {
      MACULA_CHECK(*value != nullptr);
      MACULA_CHECK(std::none_of(values.begin(), value, [&](const wire::SharedValue& earlier) {
        return provider_of(*earlier) == provider_of(**value);
      }));
    }
  }
}

}  // namespace macula::dht
