#include "sim/file/keys.h"

#include <charconv>
#include <map>
#include <utility>

namespace macula::sim {

const KeyInfo* find_key(std::string_view table, std::string_view key) {
  static const auto index = [] {
    std::map<std::pair<std::string_view, std::string_view>, const KeyInfo*> by_name;
    for (const KeyInfo& info : key_catalogue())
      by_name.emplace(std::pair(info.table, info.key), &info);
    return by_name;
  }();
  auto at = index.find({table, key});
  if (at == index.end()) at = index.find({table, "*"});
  return at == index.end() ? nullptr : at->second;
}

std::vector<const KeyInfo*> keys_of(std::string_view table) {
  static const auto index = [] {
    std::map<std::string_view, std::vector<const KeyInfo*>> by_table;
    for (const KeyInfo& info : key_catalogue()) by_table[info.table].push_back(&info);
    return by_table;
  }();
  const auto at = index.find(table);
  return at == index.end() ? std::vector<const KeyInfo*>{} : at->second;
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

const std::vector<std::string_view>& verb_names() {
  static const std::vector<std::string_view> names = {
      "store", "find",    "advertise", "discover", "call",      "cast", "ping",    "lookup",
      "crash", "restart", "pause",     "resume",   "partition", "heal", "withdraw"};
  return names;
}

Value fallback_value(const KeyInfo& info) {
  Value value;
  value.origin = "default";
  const std::string_view text = info.fallback;
  if (text.size() >= 2 && text.front() == '"') {
    value.kind = Value::Kind::text;
    value.text = text.substr(1, text.size() - 2);
  } else if (text == "true" || text == "false") {
    value.kind = Value::Kind::boolean;
    value.boolean = text == "true";
  } else {
    value.kind = Value::Kind::integer;
    std::from_chars(text.data(), text.data() + text.size(), value.integer);
  }
  return value;
}

}  // namespace macula::sim
