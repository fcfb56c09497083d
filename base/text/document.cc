#include "base/text/document.h"

#include <fmt/format.h>

// Where the library is compiled in here (and not linked), its assertions fail on bad input ("[="),
// and with NDEBUG they become promises to the compiler. Behind them stand proper errors: use those.
#undef NDEBUG
#define TOML_ASSERT(condition) static_assert(true)
#include <toml++/toml.h>

#include <algorithm>
#include <sstream>
#include <utility>

#include "base/text/document_guard.h"

namespace macula {
namespace {

Place place_of(const toml::source_region& region) {
  return {static_cast<int>(region.begin.line), static_cast<int>(region.begin.column)};
}

template <typename T>
std::string streamed(const T& value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

DocumentValue convert(const toml::node& node);

DocumentValue convert_table(const toml::table& table) {
  DocumentValue value;
  value.members.reserve(table.size());
  for (const auto& [key, node] : table) {  // toml::table iterates in order of key
    value.members.push_back({std::string(key.str()), place_of(key.source()), convert(node)});
  }
  return value;
}

DocumentValue convert_list(const toml::array& array) {
  std::vector<DocumentValue> items;
  items.reserve(array.size());
  for (const toml::node& node : array) items.push_back(convert(node));
  return list_value(std::move(items));
}

DocumentValue convert_scalar(const toml::node& node) {
  if (const auto* text = node.as_string()) return text_value(text->get());
  if (const auto* integer = node.as_integer()) return integer_value(integer->get());
  if (const auto* decimal = node.as_floating_point()) return decimal_value(decimal->get());
  if (const auto* boolean = node.as_boolean()) return boolean_value(boolean->get());
  DocumentValue value;
  value.kind = DocumentValue::Kind::date;
  if (const auto* date = node.as_date()) value.text = streamed(date->get());
  if (const auto* time = node.as_time()) value.text = streamed(time->get());
  if (const auto* both = node.as_date_time()) value.text = streamed(both->get());
  return value;
}

// Recursion is as deep as the document, which guard_document has bounded.
DocumentValue convert(const toml::node& node) {
  DocumentValue value;
  if (const auto* table = node.as_table()) {
    value = convert_table(*table);
  } else if (const auto* array = node.as_array()) {
    value = convert_list(*array);
  } else {
    value = convert_scalar(node);
  }
  value.place = place_of(node.source());
  return value;
}

std::shared_ptr<const std::vector<std::string>> split_lines(const std::string& text) {
  auto lines = std::make_shared<std::vector<std::string>>();
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::string line = text.substr(begin, end - begin);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    lines->push_back(std::move(line));
    begin = end + 1;
  }
  return lines;
}

Diagnostics syntax_error(const std::string& file, const std::vector<std::string>& lines,
                         Place place, std::string message) {
  Diagnostic diagnostic{file, place, std::move(message), {}};
  const auto index = static_cast<std::size_t>(place.line) - 1;
  if (place.line > 0 && index < lines.size()) diagnostic.source_line = lines[index];
  return {std::move(diagnostic)};
}

}  // namespace

tl::expected<Document, Diagnostics> parse_document(const std::string& text,
                                                   const std::string& file) {
  if (text.size() > kDocumentBytesMax) {
    return tl::unexpected(Diagnostics{
        {file, {}, fmt::format("the file is larger than {} MiB", kDocumentBytesMax >> 20), {}}});
  }
  Document document;
  document.lines = split_lines(text);
  if (auto refusal = guard_document(text)) {
    return tl::unexpected(
        syntax_error(file, *document.lines, refusal->place, std::move(refusal->message)));
  }
  try {
    const toml::table table = toml::parse(text);
    document.root = convert(table);
  } catch (const toml::parse_error& error) {
    return tl::unexpected(syntax_error(file, *document.lines, place_of(error.source()),
                                       std::string(error.description())));
  }
  return document;
}

std::optional<DocumentValue> parse_value(const std::string& text) {
  const std::string line = "value = " + text;
  if (text.size() > kDocumentBytesMax || guard_document(line)) return std::nullopt;
  try {
    const toml::table table = toml::parse(line);
    // A line break in the text could have started a second key.
    if (table.size() != 1) return std::nullopt;
    return convert(table.begin()->second);
  } catch (const toml::parse_error&) {
    return std::nullopt;
  }
}

}  // namespace macula
