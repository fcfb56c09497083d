// The parameters of a protocol: a struct of the kit's own, which nobody else looks into, and the
// rows that read and write its fields. Rows are made by sim/file/parameter.h.
//
//   struct Config { std::uint32_t fanout = 3; };
//   Kit kit;
//   kit.profiles = {{"gossip", Config{}}};
//   const Config& config = parameters_as<Config>(scenario.protocol);
#pragma once

#include <any>
#include <functional>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/text/document.h"

namespace macula::sim {

class Fields;  // sim/file/parse_fields.h

// One parameter of [protocol]. Reading, `explain` and the documentation go by it.
struct Parameter {
  std::string_view key;
  std::string type;          // what it takes, for people
  std::string_view follows;  // in words, what it follows where it is not given; empty: the profile
  std::string_view example;  // as TOML
  std::string_view about;    // one sentence, for the documentation
  // From the key, where it stands there; what is wrong is reported.
  std::function<void(Fields&, std::any& parameters)> read;
  std::function<DocumentValue(const std::any& parameters)> write;
  std::string_view copies{};  // the key whose value it has where only that is given; empty: none

  [[nodiscard]] Parameter following(std::string_view words) const {
    Parameter other = *this;
    other.follows = words;
    return other;
  }
  [[nodiscard]] Parameter copying(std::string_view other_key, std::string_view words) const {
    Parameter other = following(words);
    other.copies = other_key;
    return other;
  }
};

// A named set of the values of all parameters.
struct Profile {
  std::string_view name;
  std::any parameters;
};

// The struct, which is a P.
template <typename P>
[[nodiscard]] const P& parameters_as(const std::any& parameters) {
  const P* held = std::any_cast<P>(&parameters);
  MACULA_CHECK(held != nullptr);
  return *held;
}
template <typename P>
[[nodiscard]] P& parameters_as(std::any& parameters) {
  P* held = std::any_cast<P>(&parameters);
  MACULA_CHECK(held != nullptr);
  return *held;
}

}  // namespace macula::sim
