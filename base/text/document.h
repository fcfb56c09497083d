// A TOML document as plain values that know where they stand. The TOML library stays behind this.
//
//   auto document = parse_document(text, "partition-heal.toml");
//   const Value* name = find(document->root, "name");
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "base/text/diagnostic.h"
#include "base/text/place.h"

namespace macula {

inline constexpr std::size_t kDocumentBytesMax = std::size_t{4} << 20;

struct Member;

struct Value {
  enum class Kind : std::uint8_t { text, integer, decimal, boolean, date, table, list };

  Kind kind = Kind::table;
  Place place;
  std::string origin;  // who gave it where it was not the file: "default", "--set protocol.k", ..
  std::string text;    // of text and date
  std::int64_t integer = 0;
  double decimal = 0;
  bool boolean = false;
  std::vector<Value> items;     // of a list
  std::vector<Member> members;  // of a table, in order of key
};

struct Member {
  std::string key;
  Place place;  // of the key
  Value value;
};

struct Document {
  Value root;
  std::shared_ptr<const std::vector<std::string>> lines;
};

// `file` names the text in errors. A syntax error is the only one reported.
[[nodiscard]] tl::expected<Document, Diagnostics> parse_document(const std::string& text,
                                                                 const std::string& file);

// One TOML value, as it would stand after `key = `. Nothing where it is none.
[[nodiscard]] std::optional<Value> parse_value(const std::string& text);

// Values of these kinds, of no file.
[[nodiscard]] Value text_value(std::string text);
[[nodiscard]] Value integer_value(std::int64_t number);
[[nodiscard]] Value decimal_value(double number);
[[nodiscard]] Value boolean_value(bool truth);
[[nodiscard]] Value list_value(std::vector<Value> items);

// "a text", "a table": for messages.
[[nodiscard]] std::string_view kind_name(Value::Kind kind);

[[nodiscard]] const Member* find_member(const Value& table, std::string_view key);
[[nodiscard]] const Value* find(const Value& table, std::string_view key);
[[nodiscard]] Value* find(Value& table, std::string_view key);
// The text under a key; nullptr where there is none, or the value is no table.
[[nodiscard]] const Value* find_text(const Value& value, std::string_view key);
// Adds or replaces; keeps the order of keys.
Value& set_member(Value& table, const std::string& key, Value value);

// The value on one line of TOML, tables inline.
[[nodiscard]] std::string render(const Value& value);
// As a TOML key: bare where it can be, quoted otherwise.
[[nodiscard]] std::string render_key(std::string_view key);

}  // namespace macula
