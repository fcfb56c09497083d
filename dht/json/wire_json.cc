#include "dht/json/wire_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "base/hex.h"

namespace macula::dht::wire {
namespace {

using nlohmann::json;

constexpr std::string_view kHexPrefix = "0x";

bool is_printable(char c) {
  return c >= 0x20 && c <= 0x7e;
}

bool begins_as_hex(std::string_view text) {
  return text.substr(0, kHexPrefix.size()) == kHexPrefix;
}

std::string text_of(std::string_view bytes) {
  const bool is_text = std::all_of(bytes.begin(), bytes.end(), is_printable);
  if (is_text && !begins_as_hex(bytes)) return std::string(bytes);
  return std::string(kHexPrefix) + to_hex(bytes);
}

// As deep as the value, which its reader has bounded.
json json_of(const Value& value) {
  if (const Map* entries = value.as_map()) {
    json object = json::object();
    for (const Entry& entry : *entries) object.emplace(text_of(entry.key), json_of(entry.value));
    return object;
  }
  if (const Array* elements = value.as_array()) {
    json array = json::array();
    for (const Value& element : *elements) array.push_back(json_of(element));
    return array;
  }
  if (const Bytes* bytes = value.as_bytes()) return text_of(*bytes);
  if (const auto* number = value.as_unsigned()) return *number;
  if (const auto* number = std::get_if<std::int64_t>(&value.data)) return *number;
  if (const auto* number = std::get_if<double>(&value.data)) return *number;
  if (const auto* flag = std::get_if<bool>(&value.data)) return *flag;
  return nullptr;
}

// Builds the value while the text is read. The library's own tree will not do: in it, an integer of
// more than 64 bits has silently become a float, and the second of two equal keys has won.
class Builder : public nlohmann::json_sax<json> {
 public:
  explicit Builder(std::size_t max_depth) : max_depth_(max_depth) {}

  [[nodiscard]] Value& root() { return root_; }
  [[nodiscard]] const std::string& problem() const { return problem_; }

  bool null() override { return put(Nil{}); }
  bool boolean(bool flag) override { return put(flag); }
  bool number_integer(std::int64_t number) override {
    return number < 0 ? put(number) : put(static_cast<std::uint64_t>(number));
  }
  bool number_unsigned(std::uint64_t number) override { return put(number); }
  bool number_float(double number, const std::string& token) override {
    if (token.find_first_of(".eE") != std::string::npos) return put(number);
    return fail("the integer " + excerpt(token) + " does not fit in 64 bits");
  }
  bool string(std::string& text) override {
    auto bytes = bytes_of(text);
    return bytes && put(std::move(*bytes));
  }
  bool binary(json::binary_t&) override { return fail("binary data"); }
  bool start_object(std::size_t) override { return open<Map>(); }
  bool start_array(std::size_t) override { return open<Array>(); }
  bool key(std::string& text) override {
    auto bytes = bytes_of(text);
    if (!bytes) return false;
    std::get<Map>(open_.back()->data).push_back({std::move(*bytes), {}});
    return true;
  }
  bool end_object() override {
    Map& entries = std::get<Map>(open_.back()->data);
    const std::size_t given = entries.size();
    sort_map(entries);
    if (entries.size() != given) return fail("an object has the same key twice");
    open_.pop_back();
    return true;
  }
  bool end_array() override {
    open_.pop_back();
    return true;
  }
  bool parse_error(std::size_t position, const std::string& token,
                   const nlohmann::detail::exception&) override {
    return fail("bad JSON at character " + std::to_string(position) + ", near '" + excerpt(token) +
                "'");
  }

 private:
  bool fail(std::string problem) {
    problem_ = std::move(problem);
    return false;
  }

  std::optional<Bytes> bytes_of(std::string& text) {
    if (!begins_as_hex(text)) return std::move(text);
    auto bytes = from_hex(std::string_view(text).substr(kHexPrefix.size()));
    if (!bytes) fail("\"" + excerpt(text) + "\" is not valid hex");
    return bytes;
  }

  // The place of the next value. The container around it does not grow while it is filled in.
  Value& next() {
    if (open_.empty()) return root_;
    Value& container = *open_.back();
    if (auto* array = std::get_if<Array>(&container.data)) return array->emplace_back();
    return std::get<Map>(container.data).back().value;
  }

  template <typename Content>
  bool put(Content content) {
    next().data.template emplace<Content>(std::move(content));
    return true;
  }

  template <typename Container>
  bool open() {
    if (open_.size() == max_depth_) return fail("lists and objects are nested too deeply");
    Value& place = next();
    place.data.template emplace<Container>();
    open_.push_back(&place);
    return true;
  }

  Value root_;
  std::vector<Value*> open_;  // the containers around the place that is read, outermost first
  std::size_t max_depth_;
  std::string problem_;
};

}  // namespace

std::string to_json(const Value& value) {
  return json_of(value).dump();
}

tl::expected<Value, std::string> value_from_json(std::string_view text, std::size_t max_depth) {
  Builder builder(max_depth);
  if (!json::sax_parse(text, &builder)) return tl::make_unexpected(builder.problem());
  return std::move(builder.root());
}

std::string excerpt(std::string_view text) {
  std::string shown(text.substr(0, 40));
  std::replace_if(
      shown.begin(), shown.end(), [](char c) { return !is_printable(c); }, '?');
  if (text.size() > shown.size()) shown += "...";
  return shown;
}

}  // namespace macula::dht::wire
