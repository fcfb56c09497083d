#include "sim/scenario/arguments.h"

#include <algorithm>

#include "base/check.h"

namespace macula::sim {

void Arguments::set(std::string_view key, Argument value) {
  for (auto& [name, held] : values_) {
    if (name != key) continue;
    held = std::move(value);
    return;
  }
  values_.emplace_back(key, std::move(value));
}

const Argument* Arguments::find(std::string_view key) const {
  const auto found = std::find_if(values_.begin(), values_.end(),
                                  [&](const auto& value) { return value.first == key; });
  return found == values_.end() ? nullptr : &found->second;
}

template <typename T>
const T& Arguments::get(std::string_view key) const {
  const Argument* value = find(key);
  MACULA_CHECK(value != nullptr && std::holds_alternative<T>(*value));
  return std::get<T>(*value);
}

bool Arguments::flag(std::string_view key) const {
  return get<bool>(key);
}

std::optional<Duration> Arguments::duration(std::string_view key) const {
  if (!has(key)) return std::nullopt;
  return get<Duration>(key);
}

const std::string& Arguments::text(std::string_view key) const {
  return get<std::string>(key);
}

const Selector& Arguments::selector(std::string_view key) const {
  return get<Selector>(key);
}

const Sides& Arguments::sides(std::string_view key) const {
  return get<Sides>(key);
}

const Payload& Arguments::payload(std::string_view key) const {
  return get<Payload>(key);
}

}  // namespace macula::sim
