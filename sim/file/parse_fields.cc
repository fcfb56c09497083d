#include "sim/file/parse_fields.h"

#include <fmt/format.h>

#include <limits>

#include "base/text/suggest.h"
#include "base/text/units.h"
#include "sim/file/parse_distribution.h"
#include "sim/file/selector_parse.h"

namespace macula::sim {
namespace {

constexpr std::string_view kDurationForm = "a duration, as in \"5s\" or \"1min30s\"";
constexpr std::string_view kSizeForm = "a size, as in \"64KiB\"";
constexpr std::string_view kShareForm = "a percentage, as in \"0.5%\"";
constexpr std::string_view kSpeedForm = "a speed, as in \"64KiB/s\"";
constexpr std::string_view kDistributionForm =
    "a delay or a distribution, as in \"20ms\" or \"uniform(5ms, 40ms)\"";
constexpr std::string_view kSelectorForm = "a node selector, as in \"eu\", \"eu#0\" or \"any(eu)\"";

bool is_number(const DocumentValue& value) {
  return value.kind == DocumentValue::Kind::integer || value.kind == DocumentValue::Kind::decimal;
}

}  // namespace

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

std::string wrong_kind(std::string_view key, const DocumentValue& value,
                       std::string_view expected) {
  if (!is_number(value)) {
    return fmt::format("`{}` takes {}, not {}", key, expected, kind_name(value.kind));
  }
  const std::string number = render(value);
  if (expected == kDurationForm || expected == kDistributionForm) {
    return fmt::format(
        "the bare number {1} has no unit: write `{0} = \"{1}s\"` or `{0} = \"{1}ms\"`", key,
        number);
  }
  if (expected == kShareForm) {
    const double share = value.kind == DocumentValue::Kind::decimal ? value.decimal : 1;
    if (share > 0 && share < 1) {
      return fmt::format(
          "the bare number {1} has no unit: write `{0} = \"{2}%\"`, or \"{1}%\" where that is "
          "meant",
          key, number, fmt::format("{:.6g}", share * 100));
    }
    return fmt::format("the bare number {1} has no unit: write `{0} = \"{1}%\"`", key, number);
  }
  return fmt::format("`{}` takes {}, not a number", key, expected);
}

const DocumentValue* Fields::get(std::string_view key, DocumentValue::Kind kind,
                                 std::string_view expected) const {
  const DocumentValue* value = find(table_, key);
  if (value == nullptr) return nullptr;
  if (value->kind == kind) return value;
  problems_.at(*value, wrong_kind(key, *value, expected));
  return nullptr;
}

bool Fields::text(std::string_view key, std::string& out, std::size_t bytes_max) {
  const DocumentValue* value = get(key, DocumentValue::Kind::text, "a text");
  if (value == nullptr) return false;
  if (value->text.size() > bytes_max) {
    problems_.at(*value, fmt::format("`{}` is longer than {} bytes", key, bytes_max));
    return false;
  }
  out = value->text;
  return true;
}

bool Fields::line(std::string_view key, std::string& out, std::size_t bytes_max) {
  if (!text(key, out, bytes_max)) return false;
  if (!has_control(out)) return true;
  problems_.at(*find(table_, key),
               fmt::format("`{}` is a line of text, without control characters", key));
  return false;
}

bool Fields::boolean(std::string_view key, bool& out) {
  const DocumentValue* value = get(key, DocumentValue::Kind::boolean, "true or false");
  if (value == nullptr) return false;
  out = value->boolean;
  return true;
}

bool Fields::integer(std::string_view key, std::int64_t low, std::int64_t high, std::int64_t& out) {
  const DocumentValue* value = find(table_, key);
  if (value == nullptr) return false;
  if (value->kind != DocumentValue::Kind::integer) {
    problems_.at(*value,
                 fmt::format("`{}` takes a whole number, not {}", key, kind_name(value->kind)));
    return false;
  }
  if (value->integer < low || value->integer > high) {
    problems_.at(*value,
                 fmt::format("`{}` takes {} to {}, not {}", key, low, high, value->integer));
    return false;
  }
  out = value->integer;
  return true;
}

bool Fields::duration(std::string_view key, Duration& out) {
  const DocumentValue* value = get(key, DocumentValue::Kind::text, kDurationForm);
  if (value == nullptr) return false;
  const auto parsed = parse_duration(value->text);
  if (!parsed) {
    problems_.at(*value, fmt::format("`{}`: {}", key, parsed.error()));
    return false;
  }
  out = *parsed;
  return true;
}

bool Fields::share(std::string_view key, std::uint32_t& out_ppm) {
  const DocumentValue* value = get(key, DocumentValue::Kind::text, kShareForm);
  if (value == nullptr) return false;
  const auto parsed = parse_share(value->text);
  if (!parsed) {
    problems_.at(*value, fmt::format("`{}`: {}", key, parsed.error()));
    return false;
  }
  out_ppm = *parsed;
  return true;
}

bool Fields::speed(std::string_view key, std::uint32_t& out_bytes_per_s) {
  const DocumentValue* value = get(key, DocumentValue::Kind::text, kSpeedForm);
  if (value == nullptr) return false;
  const std::string_view text = value->text;
  if (text.size() < 2 || text.substr(text.size() - 2) != "/s") {
    problems_.at(*value, fmt::format("`{}`: `{}` is not {}", key, text, kSpeedForm));
    return false;
  }
  const auto size = parse_size(text.substr(0, text.size() - 2));
  if (!size) {
    problems_.at(*value, fmt::format("`{}`: {}", key, size.error()));
    return false;
  }
  if (*size == 0 || *size > std::numeric_limits<std::uint32_t>::max()) {
    problems_.at(*value, fmt::format("`{}` is at least 1 B/s and below 4 GiB/s", key));
    return false;
  }
  out_bytes_per_s = static_cast<std::uint32_t>(*size);
  return true;
}

bool Fields::size(std::string_view key, std::uint64_t& out_bytes) {
  const DocumentValue* value = get(key, DocumentValue::Kind::text, kSizeForm);
  if (value == nullptr) return false;
  const auto parsed = parse_size(value->text);
  if (!parsed) {
    problems_.at(*value, fmt::format("`{}`: {}", key, parsed.error()));
    return false;
  }
  out_bytes = *parsed;
  return true;
}

bool Fields::distribution(std::string_view key, Distribution& out) {
  return distribution(key, kDelayLimit, out);
}

bool Fields::long_distribution(std::string_view key, Distribution& out) {
  return distribution(key, std::nullopt, out);
}

bool Fields::distribution(std::string_view key, std::optional<Duration> limit, Distribution& out) {
  const DocumentValue* value = get(key, DocumentValue::Kind::text, kDistributionForm);
  if (value == nullptr) return false;
  const auto parsed = parse_distribution(value->text, limit);
  if (!parsed) {
    problems_.at(*value, fmt::format("`{}`: {}", key, parsed.error()));
    return false;
  }
  out = *parsed;
  return true;
}

bool Fields::pause(std::string_view key, std::optional<Distribution>& out) {
  const DocumentValue* value = find(table_, key);
  if (value != nullptr && value->kind == DocumentValue::Kind::text &&
      value->text.find('(') != std::string::npos) {
    Distribution drawn;
    if (!long_distribution(key, drawn)) return false;
    out = drawn;
    return true;
  }
  Duration same{0};
  if (!duration(key, same)) return false;
  out = Distribution::constant(same);
  return true;
}

bool Fields::selector(std::string_view key, Selector& out) {
  const DocumentValue* value = find(table_, key);
  if (value == nullptr) return false;
  auto parsed = read_selector(*value, key, problems_);
  if (!parsed) return false;
  out = std::move(*parsed);
  return true;
}

bool Fields::name_list(std::string_view key, std::vector<std::string>& out) {
  const DocumentValue* value = get(key, DocumentValue::Kind::list, "a list of node names");
  if (value == nullptr) return false;
  std::vector<std::string> names;
  for (const DocumentValue& item : value->items) {
    if (item.kind != DocumentValue::Kind::text) {
      problems_.at(item, wrong_kind(key, item, "a list of node names"));
      return false;
    }
    names.push_back(item.text);
  }
  out = std::move(names);
  return true;
}

bool Fields::number_list(std::string_view key, std::uint32_t high,
                         std::vector<std::uint32_t>& out) {
  constexpr std::string_view kExpected = "a list of whole numbers";
  const DocumentValue* value = get(key, DocumentValue::Kind::list, kExpected);
  if (value == nullptr) return false;
  std::vector<std::uint32_t> numbers;
  for (const DocumentValue& item : value->items) {
    if (item.kind != DocumentValue::Kind::integer) {
      problems_.at(item, wrong_kind(key, item, kExpected));
      return false;
    }
    if (item.integer < 0 || item.integer > std::int64_t{high}) {
      problems_.at(item, fmt::format("`{}`: {} is not from 0 to {}", key, item.integer, high));
      return false;
    }
    numbers.push_back(static_cast<std::uint32_t>(item.integer));
  }
  std::sort(numbers.begin(), numbers.end());
  const auto twice = std::adjacent_find(numbers.begin(), numbers.end());
  if (twice != numbers.end()) {
    problems_.at(*value, fmt::format("`{}`: {} stands here twice", key, *twice));
    return false;
  }
  out = std::move(numbers);
  return true;
}

const DocumentValue* Fields::table(std::string_view key) const {
  return get(key, DocumentValue::Kind::table, "a table");
}

bool Fields::word(std::string_view key, const std::vector<std::string_view>& words,
                  std::size_t& index) {
  const DocumentValue* value = get(key, DocumentValue::Kind::text, "one of its words");
  if (value == nullptr) return false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == value->text) {
      index = i;
      return true;
    }
  }
  const std::vector<std::string> candidates(words.begin(), words.end());
  problems_.at(*value, fmt::format("`{}` cannot be `{}`{}", key, value->text,
                                   suggestion(value->text, "it is one of", candidates)));
  return false;
}

std::optional<Selector> read_selector(const DocumentValue& value, std::string_view key,
                                      Problems& problems) {
  if (value.kind == DocumentValue::Kind::text) {
    auto selector = parse_selector(value.text);
    if (selector) return *selector;
    problems.at(value, fmt::format("`{}`: {}", key, selector.error()));
    return std::nullopt;
  }
  if (value.kind != DocumentValue::Kind::list) {
    problems.at(value, wrong_kind(key, value, kSelectorForm));
    return std::nullopt;
  }
  Selector list;
  list.kind = Selector::Kind::list;
  list.text = render(value);
  bool good = true;
  for (const DocumentValue& item : value.items) {
    // One level: a list in a list says nothing that one list would not.
    if (item.kind != DocumentValue::Kind::text) {
      problems.at(item, wrong_kind(key, item, kSelectorForm));
      good = false;
    } else if (auto member = read_selector(item, key, problems)) {
      list.members.push_back(std::move(*member));
    } else {
      good = false;
    }
  }
  if (good && list.members.empty()) {
    problems.at(value, fmt::format("`{}`: an empty list selects no node", key));
    good = false;
  }
  return good ? std::optional<Selector>(std::move(list)) : std::nullopt;
}

}  // namespace macula::sim
