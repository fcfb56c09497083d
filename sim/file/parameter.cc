#include "sim/file/parameter.h"

#include <fmt/format.h>

#include <utility>

#include "base/text/units.h"

namespace macula::sim {
namespace {

// "12.5%": exact.
std::string format_share(std::uint32_t ppm) {
  std::string text = std::to_string(ppm / 10'000);
  if (ppm % 10'000 != 0) {
    const std::string digits = std::to_string(10'000 + ppm % 10'000).substr(1);
    text += '.' + digits.substr(0, digits.find_last_not_of('0') + 1);
  }
  return text + '%';
}

}  // namespace

Parameter Parameter::following(std::string_view words) const {
  Parameter other = *this;
  other.follows = words;
  return other;
}

std::string listed(const std::vector<std::string_view>& words) {
  return fmt::format("{}", fmt::join(words, ", "));
}

Value text_value(std::string text) {
  Value value;
  value.kind = Value::Kind::text;
  value.text = std::move(text);
  return value;
}

Parameter integer_parameter(std::string_view key, std::uint32_t dht::Protocol::*field,
                            std::uint32_t most, std::string_view example, std::string_view about) {
  return {key,
          fmt::format("1 to {}", most),
          {},
          example,
          about,
          [=](Fields& fields, dht::Protocol& protocol) {
            fields.integer(key, 1U, most, protocol.*field);
          },
          [=](const dht::Protocol& protocol) {
            Value value;
            value.kind = Value::Kind::integer;
            value.integer = protocol.*field;
            return value;
          }};
}

Parameter boolean_parameter(std::string_view key, bool dht::Protocol::*field,
                            std::string_view example, std::string_view about) {
  return {key,
          "boolean",
          {},
          example,
          about,
          [=](Fields& fields, dht::Protocol& protocol) { fields.boolean(key, protocol.*field); },
          [=](const dht::Protocol& protocol) {
            Value value;
            value.kind = Value::Kind::boolean;
            value.boolean = protocol.*field;
            return value;
          }};
}

Parameter duration_parameter(std::string_view key, Duration dht::Protocol::*field,
                             std::string_view example, std::string_view about) {
  return {
      key,
      "duration",
      {},
      example,
      about,
      [=](Fields& fields, dht::Protocol& protocol) {
        Duration value{0};
        if (!fields.duration(key, value)) return;
        if (value.count() == 0) {
          fields.problems().at(*find(fields.value(), key), fmt::format("`{}` cannot be 0", key));
          return;
        }
        protocol.*field = value;
      },
      [=](const dht::Protocol& protocol) { return text_value(format_duration(protocol.*field)); }};
}

Parameter size_parameter(std::string_view key, std::uint64_t dht::Protocol::*field,
                         std::string_view example, std::string_view about) {
  return {key,
          "size",
          {},
          example,
          about,
          [=](Fields& fields, dht::Protocol& protocol) { fields.size(key, protocol.*field); },
          [=](const dht::Protocol& protocol) { return text_value(format_size(protocol.*field)); }};
}

Parameter speed_parameter(std::string_view key, std::uint32_t dht::Protocol::*field,
                          std::string_view example, std::string_view about) {
  return {key,
          "size/s",
          {},
          example,
          about,
          [=](Fields& fields, dht::Protocol& protocol) { fields.speed(key, protocol.*field); },
          [=](const dht::Protocol& protocol) {
            return text_value(format_size(protocol.*field) + "/s");
          }};
}

Parameter share_parameter(std::string_view key, std::uint32_t dht::Protocol::*field,
                          std::string_view example, std::string_view about) {
  return {key,
          "share",
          {},
          example,
          about,
          [=](Fields& fields, dht::Protocol& protocol) { fields.share(key, protocol.*field); },
          [=](const dht::Protocol& protocol) { return text_value(format_share(protocol.*field)); }};
}

}  // namespace macula::sim
