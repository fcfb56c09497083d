// A parameter of [protocol] as a row: its key, its field of dht::Protocol, and a line about it.
// Reading, `explain` and the documentation go by it.
//
//   integer_parameter("alpha", &dht::Protocol::alpha, 256, "1", "Queries of a lookup in flight.")
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text/document.h"
#include "dht/protocol.h"
#include "sim/file/parse_fields.h"

namespace macula::sim {

struct Parameter {
  std::string_view key;
  std::string type;          // what it takes, for people
  std::string_view follows;  // in words, what it follows where it is not given; empty: the profile
  std::string_view example;  // as TOML
  std::string_view about;    // one sentence, for the documentation
  // From the key, where it stands there; what is wrong is reported.
  std::function<void(Fields&, dht::Protocol&)> read;
  std::function<Value(const dht::Protocol&)> write;

  [[nodiscard]] Parameter following(std::string_view words) const;
};

// From 1 to `most`.
[[nodiscard]] Parameter integer_parameter(std::string_view key, std::uint32_t dht::Protocol::*field,
                                          std::uint32_t most, std::string_view example,
                                          std::string_view about);
[[nodiscard]] Parameter boolean_parameter(std::string_view key, bool dht::Protocol::*field,
                                          std::string_view example, std::string_view about);
// Not 0.
[[nodiscard]] Parameter duration_parameter(std::string_view key, Duration dht::Protocol::*field,
                                           std::string_view example, std::string_view about);
[[nodiscard]] Parameter size_parameter(std::string_view key, std::uint64_t dht::Protocol::*field,
                                       std::string_view example, std::string_view about);
// Bytes a second.
[[nodiscard]] Parameter speed_parameter(std::string_view key, std::uint32_t dht::Protocol::*field,
                                        std::string_view example, std::string_view about);
// Parts per million.
[[nodiscard]] Parameter share_parameter(std::string_view key, std::uint32_t dht::Protocol::*field,
                                        std::string_view example, std::string_view about);

[[nodiscard]] Value text_value(std::string text);
// "a, b, c"
[[nodiscard]] std::string listed(const std::vector<std::string_view>& words);

// `words` stand in the order of the enumerators.
template <typename Enum>
[[nodiscard]] Parameter choice_parameter(std::string_view key, Enum dht::Protocol::*field,
                                         const std::vector<std::string_view>& words,
                                         std::string_view example, std::string_view about) {
  return {key,
          listed(words),
          {},
          example,
          about,
          [=](Fields& fields, dht::Protocol& protocol) {
            std::size_t index = 0;
            if (fields.word(key, words, index)) protocol.*field = static_cast<Enum>(index);
          },
          [=](const dht::Protocol& protocol) {
            return text_value(std::string(words.at(static_cast<std::size_t>(protocol.*field))));
          }};
}

}  // namespace macula::sim
