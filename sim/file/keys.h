// Every key of a scenario file, once: what a table may hold, the defaults, and a line about each.
// Checking, `explain` and the test of the documentation go by this list.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/text/document.h"

namespace macula::sim {

struct KeyInfo {
  std::string_view table;     // name of the table form it stands in: "scenario", "node", "at.call"
  std::string_view key;       // "*": any name
  std::string_view type;      // what it takes, for people
  std::string_view fallback;  // the default as TOML; empty: see fallback_about
  std::string_view fallback_about;  // in words, where it is no constant; both empty: none
  bool required = false;
  std::string_view inner;    // the table form of the value, where its keys stand in this list
  bool repeated = false;     // [[inner]]: a list of tables
  std::string_view example;  // as TOML
  std::string_view about;    // one sentence, as in scenarios/README.md
};

// In the order of the documentation. The table "" is the top of the file.
[[nodiscard]] const std::vector<KeyInfo>& key_catalogue();

// Nothing for an unknown key.
[[nodiscard]] const KeyInfo* find_key(std::string_view table, std::string_view key);
[[nodiscard]] std::vector<const KeyInfo*> keys_of(std::string_view table);

// Known to the format, but not built yet: refused by name.
[[nodiscard]] bool is_planned(std::string_view table, std::string_view key);

// The verbs of [[at]] in the order of the documentation.
[[nodiscard]] const std::vector<std::string_view>& verb_names();

// KeyInfo::fallback as a value: a quoted text, true, false or an integer.
[[nodiscard]] Value fallback_value(const KeyInfo& info);

}  // namespace macula::sim
