#include "sim/file/parse_keys.h"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/text/suggest.h"
#include "sim/file/keys.h"
#include "sim/file/parse_fields.h"

namespace macula::sim {
namespace {

bool is_table_or_list_of_tables(const Value& value, bool repeated) {
  if (!repeated) return value.kind == Value::Kind::table;
  if (value.kind != Value::Kind::list) return false;
  for (const Value& item : value.items) {
    if (item.kind != Value::Kind::table) return false;
  }
  return true;
}

void unknown_key(const Member& member, std::string_view table, Problems& problems) {
  std::string message;
  if (is_planned(table, member.key)) {
    message = fmt::format("`{}` is not built yet", member.key);
  } else if (problems.full()) {
    message = "unknown key";
  } else {
    std::vector<std::string> known;
    for (const KeyInfo* info : keys_of(table)) known.emplace_back(info->key);
    message = fmt::format("unknown key `{}`{}", member.key,
                          suggestion(member.key, table_title(table) + " knows", known));
  }
  problems.at(member, std::move(message));
}

void check_table(const Value& table, std::string_view form, Problems& problems);

void check_inner(const Member& member, const KeyInfo& info, Problems& problems) {
  if (is_table_or_list_of_tables(member.value, info.repeated)) {
    if (!info.repeated) check_table(member.value, info.inner, problems);
    for (const Value& item : member.value.items) check_table(item, info.inner, problems);
  } else if (info.repeated) {
    problems.at(member.value,
                fmt::format("`{}` takes tables: write [[{}]]", member.key, info.inner));
  } else if (info.type == "table") {
    problems.at(member.value, wrong_kind(member.key, member.value,
                                         fmt::format("a table, as in `{}`", info.example)));
  }
}

void check_table(const Value& table, std::string_view form, Problems& problems) {
  for (const Member& member : table.members) {
    const KeyInfo* info = find_key(form, member.key);
    if (info == nullptr) {
      unknown_key(member, form, problems);
    } else if (!info->inner.empty()) {
      check_inner(member, *info, problems);
    }
  }
  for (const KeyInfo* info : keys_of(form)) {
    if (!info->required || find(table, info->key) != nullptr) continue;
    const std::string entry = info->example.front() == '['
                                  ? std::string(info->example)
                                  : fmt::format("{} = {}", info->key, info->example);
    problems.at(table, fmt::format("`{}` is missing from {}: write `{}`", info->key,
                                   table_title(form), entry));
  }
}

void fill_table(Value& table, std::string_view form) {
  for (const KeyInfo* info : keys_of(form)) {
    if (!info->fallback.empty() && find(table, info->key) == nullptr) {
      set_member(table, std::string(info->key), fallback_value(*info));
    }
  }
  for (Member& member : table.members) {
    const KeyInfo* info = find_key(form, member.key);
    if (info == nullptr || info->inner.empty()) continue;
    if (member.value.kind == Value::Kind::table) fill_table(member.value, info->inner);
    for (Value& item : member.value.items) {
      if (item.kind == Value::Kind::table) fill_table(item, info->inner);
    }
  }
}

}  // namespace

std::string table_title(std::string_view table) {
  if (table.empty()) return "a scenario file";
  if (table == "link.NAME") return "[link.NAME]";
  if (table == "join" || table == "fates_after") return "`" + std::string(table) + "`";
  if (table.rfind("at.", 0) == 0) return fmt::format("`{}`", table.substr(3));
  for (const KeyInfo* info : keys_of("")) {
    if (info->inner == table && info->repeated) return fmt::format("[[{}]]", table);
  }
  return fmt::format("[{}]", table);
}

void check_keys(const Value& root, Problems& problems) {
  check_table(root, "", problems);
}

void fill_defaults(Value& root) {
  for (const std::string_view name : {"protocol", "latency"}) {
    if (find(root, name) != nullptr) continue;
    Value table;
    table.origin = "default";
    set_member(root, std::string(name), std::move(table));
  }
  fill_table(root, "");
}

}  // namespace macula::sim
