#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/text/document.h"

namespace macula {
namespace {

bool before(const DocumentMember& member, std::string_view key) {
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

DocumentValue text_value(std::string text) {
  DocumentValue value;
  value.kind = DocumentValue::Kind::text;
  value.text = std::move(text);
  return value;
}

DocumentValue integer_value(std::int64_t number) {
  DocumentValue value;
  value.kind = DocumentValue::Kind::integer;
  value.integer = number;
  return value;
}

DocumentValue decimal_value(double number) {
  DocumentValue value;
  value.kind = DocumentValue::Kind::decimal;
  value.decimal = number;
  return value;
}

DocumentValue boolean_value(bool truth) {
  DocumentValue value;
  value.kind = DocumentValue::Kind::boolean;
  value.boolean = truth;
  return value;
}

DocumentValue list_value(std::vector<DocumentValue> items) {
  DocumentValue value;
  value.kind = DocumentValue::Kind::list;
  value.items = std::move(items);
  return value;
}

std::string_view kind_name(DocumentValue::Kind kind) {
  switch (kind) {
    case DocumentValue::Kind::text:
      return "a text";
    case DocumentValue::Kind::integer:
      return "an integer";
    case DocumentValue::Kind::decimal:
      return "a decimal number";
    case DocumentValue::Kind::boolean:
      return "true or false";
    case DocumentValue::Kind::date:
      return "a date";
    case DocumentValue::Kind::table:
      return "a table";
    case DocumentValue::Kind::list:
      return "a list";
  }
  return "a value";
}

const DocumentMember* find_member(const DocumentValue& table, std::string_view key) {
  const auto at = std::lower_bound(table.members.begin(), table.members.end(), key, before);
  return at != table.members.end() && at->key == key ? &*at : nullptr;
}

const DocumentValue* find(const DocumentValue& table, std::string_view key) {
  const DocumentMember* member = find_member(table, key);
  return member == nullptr ? nullptr : &member->value;
}

const DocumentValue* find_text(const DocumentValue& value, std::string_view key) {
  const DocumentValue* found =
      value.kind == DocumentValue::Kind::table ? find(value, key) : nullptr;
  return found != nullptr && found->kind == DocumentValue::Kind::text ? found : nullptr;
}

DocumentValue* find(DocumentValue& table, std::string_view key) {
  return const_cast<DocumentValue*>(find(static_cast<const DocumentValue&>(table), key));
}

DocumentValue& set_member(DocumentValue& table, const std::string& key, DocumentValue value) {
  auto at = std::lower_bound(table.members.begin(), table.members.end(), key, before);
  if (at == table.members.end() || at->key != key) {
    at = table.members.insert(at, DocumentMember{key, value.place, {}});
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

std::string render(const DocumentValue& value) {
  std::string out;
  switch (value.kind) {
    case DocumentValue::Kind::text:
      return quoted(value.text);
    case DocumentValue::Kind::integer:
      return fmt::format("{}", value.integer);
    case DocumentValue::Kind::decimal:
      return render_decimal(value.decimal);
    case DocumentValue::Kind::boolean:
      return value.boolean ? "true" : "false";
    case DocumentValue::Kind::date:
      return value.text;
    case DocumentValue::Kind::table:
      for (const DocumentMember& member : value.members) {
        out += fmt::format("{}{} = {}", out.empty() ? "" : ", ", render_key(member.key),
                           render(member.value));
      }
      return out.empty() ? "{}" : "{ " + out + " }";
    case DocumentValue::Kind::list:
      for (const DocumentValue& item : value.items) out += (out.empty() ? "" : ", ") + render(item);
      return "[" + out + "]";
  }
  return out;
}

}  // namespace macula
