// How lines of the catalogue of keys are made: no longer than what they say.
//
//   required("node", "name", "name", "\"edge1\"", "Unique; letters, digits, `-`, `_`, `.`.");
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/file/keys.h"

namespace macula::sim {

using Keys = std::vector<KeyInfo>;

[[nodiscard]] inline KeyInfo required(std::string_view table, std::string_view key,
                                      std::string_view type, std::string_view example,
                                      std::string_view about) {
  return {std::string(table),
          std::string(key),
          std::string(type),
          {},
          {},
          true,
          {},
          false,
          std::string(example),
          about};
}

[[nodiscard]] inline KeyInfo fallback(std::string_view table, std::string_view key,
                                      std::string_view type, std::string_view value,
                                      std::string_view example, std::string_view about) {
  return {std::string(table),
          std::string(key),
          std::string(type),
          std::string(value),
          {},
          false,
          {},
          false,
          std::string(example),
          about};
}

// `otherwise` says in words what holds without the key.
[[nodiscard]] inline KeyInfo optional(std::string_view table, std::string_view key,
                                      std::string_view type, std::string_view otherwise,
                                      std::string_view example, std::string_view about) {
  return {std::string(table),
          std::string(key),
          std::string(type),
          {},
          std::string(otherwise),
          false,
          {},
          false,
          std::string(example),
          about};
}

[[nodiscard]] inline KeyInfo inner(std::string_view table, std::string_view key,
                                   std::string_view form, bool repeated, std::string_view example,
                                   std::string_view about) {
  const std::string_view type = repeated ? "tables" : "table";
  return {std::string(table), std::string(key), std::string(type),    {},   "none", false,
          std::string(form),  repeated,         std::string(example), about};
}

// All but those of the verbs: the tables of a scenario, in order.
[[nodiscard]] Keys general_keys(const Kit& kit);

// Those of the verbs in [[at]], then those of each verb that has a table of its own.
[[nodiscard]] Keys verb_keys(const std::vector<Verb>& verbs);

}  // namespace macula::sim
