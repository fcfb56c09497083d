#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/text/document.h"

namespace macula {
namespace {

bool before(const Member& member, std::string_view key) {
  return member.key < key;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7F) {
      out += fmt::format("\\u{:04X}", byte);
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string render_decimal(double value) {
  std::string text = fmt::format("{}", value);
  // TOML tells a decimal from an integer by its point or exponent.
  if (text.find_first_of(".en") == std::string::npos) text += ".0";
  return text;
}

}  // namespace

Value text_value(std::string text) {
  Value value;
  value.kind = Value::Kind::text;
  value.text = std::move(text);
  return value;
}

Value integer_value(std::int64_t number) {
  Value value;
  value.kind = Value::Kind::integer;
  value.integer = number;
  return value;
}

Value decimal_value(double number) {
  Value value;
  value.kind = Value::Kind::decimal;
  value.decimal = number;
  return value;
}

Value boolean_value(bool truth) {
  Value value;
  value.kind = Value::Kind::boolean;
  value.boolean = truth;
  return value;
}

Value list_value(std::vector<Value> items) {
  Value value;
  value.kind = Value::Kind::list;
  value.items = std::move(items);
  return value;
}

std::string_view kind_name(Value::Kind kind) {
  switch (kind) {
    case Value::Kind::text:
      return "a text";
    case Value::Kind::integer:
      return "an integer";
    case Value::Kind::decimal:
      return "a decimal number";
    case Value::Kind::boolean:
      return "true or false";
    case Value::Kind::date:
      return "a date";
    case Value::Kind::table:
      return "a table";
    case Value::Kind::list:
      return "a list";
  }
  return "a value";
}

const Member* find_member(const Value& table, std::string_view key) {
  const auto at = std::lower_bound(table.members.begin(), table.members.end(), key, before);
  return at != table.members.end() && at->key == key ? &*at : nullptr;
}

const Value* find(const Value& table, std::string_view key) {
  const Member* member = find_member(table, key);
  return member == nullptr ? nullptr : &member->value;
}

const Value* find_text(const Value& value, std::string_view key) {
  const Value* found = value.kind == Value::Kind::table ? find(value, key) : nullptr;
  return found != nullptr && found->kind == Value::Kind::text ? found : nullptr;
}

Value* find(Value& table, std::string_view key) {
  return const_cast<Value*>(find(static_cast<const Value&>(table), key));
}

Value& set_member(Value& table, const std::string& key, Value value) {
  auto at = std::lower_bound(table.members.begin(), table.members.end(), key, before);
  if (at == table.members.end() || at->key != key) {
    at = table.members.insert(at, Member{key, value.place, {}});
  }
  at->value = std::move(value);
  return at->value;
}

std::string render_key(std::string_view key) {
  const bool bare = !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
  return bare ? std::string(key) : quoted(key);
}

std::string render(const Value& value) {
  std::string out;
  switch (value.kind) {
    case Value::Kind::text:
      return quoted(value.text);
    case Value::Kind::integer:
      return fmt::format("{}", value.integer);
    case Value::Kind::decimal:
      return render_decimal(value.decimal);
    case Value::Kind::boolean:
      return value.boolean ? "true" : "false";
    case Value::Kind::date:
      return value.text;
    case Value::Kind::table:
      for (const Member& member : value.members) {
        out += fmt::format("{}{} = {}", out.empty() ? "" : ", ", render_key(member.key),
                           render(member.value));
      }
      return out.empty() ? "{}" : "{ " + out + " }";
    case Value::Kind::list:
      for (const Value& item : value.items) out += (out.empty() ? "" : ", ") + render(item);
      return "[" + out + "]";
  }
  return out;
}

}  // namespace macula
