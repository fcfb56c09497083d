// Every key of a scenario file, once: what a table may hold, the defaults, and a line about each.
// Those of the verbs come from the kit. Checking, `explain` and the documentation go by this list.
//
//   const Schema schema(kit);
//   const KeyInfo* info = schema.find("at", "find");
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text/document.h"
#include "sim/scenario/kit.h"

namespace macula::sim {

struct KeyInfo {
  std::string table;           // name of the table form it stands in: "scenario", "node", "at.call"
  std::string key;             // "*": any name
  std::string type;            // what it takes, for people
  std::string fallback;        // the default as TOML; empty: see fallback_about
  std::string fallback_about;  // in words, where it is no constant; both empty: none
  bool required = false;
  std::string inner;       // the table form of the value, where its keys stand in this list
  bool repeated = false;   // [[inner]]: a list of tables
  std::string example;     // as TOML
  std::string_view about;  // one sentence, for the documentation
};

class Schema {
 public:
  // The kit stays where it is.
  explicit Schema(const Kit& kit);
  Schema(const Schema&) = delete;  // its index points into it
  Schema& operator=(const Schema&) = delete;

  [[nodiscard]] const Kit& kit() const { return kit_; }
  // In the order of the documentation. The table "" is the top of the file.
  [[nodiscard]] const std::vector<KeyInfo>& keys() const { return keys_; }
  [[nodiscard]] const std::vector<const KeyInfo*>& keys_of(std::string_view table) const;
  // Nothing for an unknown key.
  [[nodiscard]] const KeyInfo* find(std::string_view table, std::string_view key) const;

 private:
  const Kit& kit_;
  std::vector<KeyInfo> keys_;
  std::map<std::string_view, std::vector<const KeyInfo*>> by_table_;
  std::map<std::pair<std::string_view, std::string_view>, const KeyInfo*> by_name_;
};

// Known to the format, but not built yet: refused by name.
[[nodiscard]] bool is_planned(std::string_view table, std::string_view key);

// A default as a value: a quoted text, true, false or an integer.
[[nodiscard]] DocumentValue fallback_value(std::string_view fallback);

}  // namespace macula::sim
