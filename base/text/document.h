// A TOML document as plain values that know where they stand. The TOML library stays behind this.
//
//   auto document = parse_document(text, "partition-heal.toml");
//   const DocumentValue* name = find(document->root, "name");
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

struct DocumentMember;

struct DocumentValue {
  enum class Kind : std::uint8_t { text, integer, decimal, boolean, date, table, list };

  Kind kind = Kind::table;
  Place place;
  std::string origin;  // who gave it where it was not the file: "default", "--set protocol.k", ..
  std::string text;    // of text and date
  std::int64_t integer = 0;
  double decimal = 0;
  bool boolean = false;
  std::vector<DocumentValue> items;     // of a list
  std::vector<DocumentMember> members;  // of a table, in order of key
};

struct DocumentMember {
  std::string key;
  Place place;  // of the key
  DocumentValue value;
};

struct Document {
  DocumentValue root;
  std::shared_ptr<const std::vector<std::string>> lines;
};

// `file` names the text in errors. A syntax error is the only one reported.
[[nodiscard]] tl::expected<Document, Diagnostics> parse_document(const std::string& text,
                                                                 const std::string& file);

// One TOML value, as it would stand after `key = `. Nothing where it is none.
[[nodiscard]] std::optional<DocumentValue> parse_value(const std::string& text);

// Values of these kinds, of no file.
[[nodiscard]] DocumentValue text_value(std::string text);
[[nodiscard]] DocumentValue integer_value(std::int64_t number);
[[nodiscard]] DocumentValue decimal_value(double number);
[[nodiscard]] DocumentValue boolean_value(bool truth);
[[nodiscard]] DocumentValue list_value(std::vector<DocumentValue> items);

// "a text", "a table": for messages.
[[nodiscard]] std::string_view kind_name(DocumentValue::Kind kind);

[[nodiscard]] const DocumentMember* find_member(const DocumentValue& table, std::string_view key);
[[nodiscard]] const DocumentValue* find(const DocumentValue& table, std::string_view key);
[[nodiscard]] DocumentValue* find(DocumentValue& table, std::string_view key);
// The text under a key; nullptr where there is none, or the value is no table.
[[nodiscard]] const DocumentValue* find_text(const DocumentValue& value, std::string_view key);
// Adds or replaces; keeps the order of keys.
DocumentValue& set_member(DocumentValue& table, const std::string& key, DocumentValue value);

// The value on one line of TOML, tables inline.
[[nodiscard]] std::string render(const DocumentValue& value);
// As a TOML key: bare where it can be, quoted otherwise.
[[nodiscard]] std::string render_key(std::string_view key);

}  // namespace macula
