#include "sim/file/keys.h"

#include <algorithm>
#include <charconv>

#include "sim/file/key_makers.h"

namespace macula::sim {

Schema::Schema(const Kit& kit) : kit_(kit), keys_(general_keys(kit)) {
  const auto expectations = std::find_if(
      keys_.begin(), keys_.end(), [](const KeyInfo& info) { return info.table == "expect"; });
  const Keys verbs = verb_keys(kit.verbs);
  keys_.insert(expectations, verbs.begin(), verbs.end());
  for (const KeyInfo& info : keys_) {
    by_table_[info.table].push_back(&info);
    by_name_.emplace(std::pair<std::string_view, std::string_view>(info.table, info.key), &info);
  }
}

const KeyInfo* Schema::find(std::string_view table, std::string_view key) const {
  auto at = by_name_.find({table, key});
  if (at == by_name_.end()) at = by_name_.find({table, "*"});
  return at == by_name_.end() ? nullptr : at->second;
}

const std::vector<const KeyInfo*>& Schema::keys_of(std::string_view table) const {
  static const std::vector<const KeyInfo*> none;
  const auto at = by_table_.find(table);
  return at == by_table_.end() ? none : at->second;
}

bool is_planned(std::string_view table, std::string_view key) {
  static const std::vector<std::pair<std::string_view, std::string_view>> planned = {
      {"", "nat"},
      {"", "adversary"},
      {"scenario", "world"},
      {"link.NAME", "rate"},
      {"link.NAME", "nat"},
      {"link.NAME", "limit"},
      {"link.NAME", "reorder"},
      {"node", "nat"},
      {"group", "nat"},
      {"node", "clock"},
      {"group", "clock"},
      {"at", "join"},
      {"at", "leave"},
      {"at", "publish"},
      {"at", "subscribe"},
      {"at", "impair"},
      {"at", "unsubscribe"},
      {"at", "skew"},
      {"link.NAME", "corrupt"},
      {"group", "churn"},
      {"node", "churn"},
      {"at", "churn"},
      {"link.NAME", "duplicate"},
  };
  for (const auto& [known_table, known_key] : planned) {
    if (known_table == table && known_key == key) return true;
  }
  return false;
}

DocumentValue fallback_value(std::string_view text) {
  DocumentValue value;
  if (text.size() >= 2 && text.front() == '"') {
    value = text_value(std::string(text.substr(1, text.size() - 2)));
  } else if (text == "true" || text == "false") {
    value = boolean_value(text == "true");
  } else {
    value = integer_value(0);
    std::from_chars(text.data(), text.data() + text.size(), value.integer);
  }
  value.origin = "default";
  return value;
}

}  // namespace macula::sim
