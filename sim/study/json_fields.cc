#include "sim/study/json_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>

#include "base/text/printable.h"

namespace macula::sim {
namespace {

using Json = nlohmann::json;
constexpr std::size_t kShown = 40;
constexpr std::size_t kHashDigits = 16;
const Json kNothing;
const Json kEmpty = Json::object();

std::string shown(const Json& json) {
  if (json.is_structured()) return json.is_object() ? "an object" : "a list";
  return printable(json.dump(-1, ' ', false, Json::error_handler_t::replace).substr(0, kShown),
                   Lines::one);
}

}  // namespace

JsonFields::JsonFields(const Json& object, std::string place, std::string& wrong)
    : object_(&object), place_(std::move(place)), wrong_(&wrong) {
  if (object.is_object()) return;
  if (wrong.empty()) {
    wrong = fmt::format("{}: an object is expected, not {}", place_, shown(object));
  }
  object_ = &kEmpty;
}

bool JsonFields::has(const std::string& key) const {
  return object_->contains(key);
}

const Json& JsonFields::at(const std::string& key) const {
  const auto found = object_->find(key);
  return found == object_->end() ? kNothing : *found;
}

void JsonFields::refuse(const std::string& key, std::string_view expected) const {
  if (!wrong_->empty()) return;
  const std::string place = (place_.empty() ? "" : place_ + ".") + printable(key, Lines::one);
  *wrong_ = has(key) ? fmt::format("{}: {} is expected, not {}", place, expected, shown(at(key)))
                     : fmt::format("{}: {} is missing", place, expected);
}

std::string JsonFields::text(const std::string& key) const {
  if (at(key).is_string()) return at(key).get<std::string>();
  refuse(key, "a text");
  return {};
}

std::optional<std::string> JsonFields::text_or_null(const std::string& key) const {
  if (has(key) && at(key).is_null()) return std::nullopt;
  return text(key);
}

std::size_t JsonFields::choice(const std::string& key,
                               const std::vector<std::string>& names) const {
  const std::string name = text(key);
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  refuse(key, fmt::format("one of {}", fmt::join(names, ", ")));
  return 0;
}

std::uint64_t JsonFields::hash(const std::string& key) const {
  const std::string digits = text(key);
  std::uint64_t value = 0;
  const char* const last = digits.data() + digits.size();
  const auto [end, error] = std::from_chars(digits.data(), last, value, 16);
  if (digits.size() == kHashDigits && error == std::errc() && end == last) return value;
  refuse(key, "16 hexadecimal digits");
  return 0;
}

std::uint64_t JsonFields::count(const std::string& key) const {
  if (at(key).is_number_unsigned()) return at(key).get<std::uint64_t>();
  refuse(key, "a whole number of at least 0");
  return 0;
}

std::int64_t JsonFields::time(const std::string& key) const {
  const std::uint64_t value = count(key);
  if (value <= std::uint64_t{std::numeric_limits<std::int64_t>::max()}) {
    return static_cast<std::int64_t>(value);
  }
  refuse(key, "a whole number below 2^63");
  return 0;
}

double JsonFields::number(const std::string& key) const {
  if (at(key).is_number()) return at(key).get<double>();
  refuse(key, "a number");
  return 0;
}

std::optional<double> JsonFields::number_or_null(const std::string& key) const {
  if (has(key) && at(key).is_null()) return std::nullopt;
  return number(key);
}

template <typename T, typename Read>
std::vector<T> JsonFields::items(const std::string& key, std::string_view expected,
                                 Read read) const {
  std::vector<T> items;
  const Json& list = at(key);
  if (!list.is_array()) {
    refuse(key, expected);
    return items;
  }
  items.reserve(list.size());
  for (const Json& item : list) {
    T value{};
    if (!read(item, value)) {
      refuse(key, expected);
      return {};
    }
    items.push_back(std::move(value));
  }
  return items;
}

std::vector<double> JsonFields::numbers(const std::string& key) const {
  return items<double>(key, "a list of numbers", [](const Json& item, double& value) {
    if (item.is_number()) value = item.get<double>();
    return item.is_number();
  });
}

std::vector<std::uint64_t> JsonFields::counts(const std::string& key) const {
  return items<std::uint64_t>(key, "a list of whole numbers of at least 0",
                              [](const Json& item, std::uint64_t& value) {
                                if (item.is_number_unsigned()) value = item.get<std::uint64_t>();
                                return item.is_number_unsigned();
                              });
}

std::vector<std::optional<std::uint64_t>> JsonFields::counts_or_null(const std::string& key) const {
  using Count = std::optional<std::uint64_t>;
  return items<Count>(key, "a list of whole numbers of at least 0, or null",
                      [](const Json& item, Count& value) {
                        if (item.is_number_unsigned()) value = item.get<std::uint64_t>();
                        return item.is_number_unsigned() || item.is_null();
                      });
}

std::vector<std::pair<std::string, std::string>> JsonFields::pairs(const std::string& key) const {
  using Pair = std::pair<std::string, std::string>;
  return items<Pair>(key, "a list of pairs of texts", [](const Json& item, Pair& value) {
    if (!item.is_array() || item.size() != 2 || !item[0].is_string() || !item[1].is_string()) {
      return false;
    }
    value = {item[0].get<std::string>(), item[1].get<std::string>()};
    return true;
  });
}

JsonFields JsonFields::object(const std::string& key) const {
  return {at(key), place_.empty() ? key : place_ + "." + key, *wrong_};
}

std::vector<JsonFields> JsonFields::list(const std::string& key) const {
  std::vector<JsonFields> fields;
  if (!at(key).is_array()) {
    refuse(key, "a list");
    return fields;
  }
  std::size_t i = 0;
  for (const Json& item : at(key)) {
    const std::string place = place_.empty() ? key : place_ + "." + key;
    fields.emplace_back(item, fmt::format("{}.{}", place, i++), *wrong_);
  }
  return fields;
}

std::vector<std::string> JsonFields::names() const {
  std::vector<std::string> names;
  for (const auto& [name, value] : object_->items()) names.push_back(name);
  return names;
}

}  // namespace macula::sim
