#include "dht/wire/field_reader.h"

#include <algorithm>
#include <limits>

namespace macula::dht::wire {
namespace {

std::string up_to(std::uint64_t max) {
  return "an integer from 0 to " + std::to_string(max);
}

}  // namespace

FieldReader::FieldReader(std::string message, const Value& payload)
    : message_(std::move(message)), payload_(payload) {
  if (payload_.as_map() == nullptr) fail("the payload must be a map");
}

bool FieldReader::has(std::string_view key) const {
  const Value* value = payload_.find(key);
  return value != nullptr && !std::holds_alternative<Nil>(value->data);
}

std::uint64_t FieldReader::integer(std::string_view key, std::uint64_t max) {
  const Value* value = any(key);
  if (value == nullptr) return 0;
  const std::uint64_t* number = value->as_unsigned();
  if (number != nullptr && *number <= max) return *number;
  refuse(key, up_to(max));
  return 0;
}

std::optional<std::uint64_t> FieldReader::optional_integer(std::string_view key) {
  if (!has(key)) return std::nullopt;
  return integer(key, std::numeric_limits<std::uint64_t>::max());
}

bool FieldReader::boolean(std::string_view key) {
  const Value* value = any(key);
  if (value == nullptr) return false;
  if (const bool* flag = std::get_if<bool>(&value->data)) return *flag;
  refuse(key, "true or false");
  return false;
}

Bytes FieldReader::bytes(std::string_view key) {
  const Value* value = any(key);
  if (value == nullptr) return {};
  if (const Bytes* bytes = value->as_bytes()) return *bytes;
  refuse(key, "bytes");
  return {};
}

std::optional<Bytes> FieldReader::optional_bytes(std::string_view key) {
  if (!has(key)) return std::nullopt;
  return bytes(key);
}

NodeId FieldReader::id(std::string_view key) {
  const Value* value = any(key);
  if (value == nullptr) return {};
  const Bytes* bytes = value->as_bytes();
  const auto id = bytes == nullptr ? std::nullopt : id_from_bytes(*bytes);
  if (!id) refuse(key, "32 bytes");
  return id.value_or(NodeId{});
}

CallId FieldReader::call_id(std::string_view key) {
  CallId id{};
  fixed_bytes(key, id);
  return id;
}

void FieldReader::fixed_bytes(std::string_view key, std::uint8_t* out, std::size_t size) {
  const Value* value = any(key);
  if (value == nullptr) return;
  const Bytes* bytes = value->as_bytes();
  if (bytes != nullptr && bytes->size() == size) {
    std::copy(bytes->begin(), bytes->end(), out);
  } else {
    refuse(key, std::to_string(size) + " bytes");
  }
}

std::vector<std::string> FieldReader::texts(std::string_view key) {
  std::vector<std::string> texts;
  const Array* elements = list(key, kMaxList);
  if (elements == nullptr) return texts;
  for (const Value& element : *elements) {
    if (const Bytes* text = element.as_bytes()) {
      texts.push_back(*text);
    } else {
      refuse(key, "a list of texts");
    }
  }
  return texts;
}

std::vector<Contact> FieldReader::nodes(std::string_view key) {
  std::vector<Contact> nodes;
  const Array* elements = list(key, kMaxList);
  if (elements == nullptr) return nodes;
  nodes.reserve(elements->size());
  for (const Value& element : *elements) {
    if (const auto contact = node(key, element)) nodes.push_back(*contact);
  }
  return nodes;
}

std::optional<Contact> FieldReader::optional_node(std::string_view key) {
  return has(key) ? node(key, *payload_.find(key)) : std::nullopt;
}

std::optional<Contact> FieldReader::node(std::string_view key, const Value& value) {
  FieldReader in(message_ + ": a node of \"" + std::string(key) + '"', value);
  Contact contact;
  contact.id = in.id("node_id");
  if (in.has("relay")) contact.relay = in.id("relay");
  // Macula 0.8 names the same field in two ways.
  const auto text = in.optional_bytes(in.has("endpoint") ? "endpoint" : "address");
  adopt_error(in);
  const auto endpoint = text ? parse_endpoint(*text) : std::nullopt;
  if (!endpoint || error_) return std::nullopt;
  contact.endpoint = *endpoint;
  return contact;
}

const Array* FieldReader::list(std::string_view key, std::size_t max) {
  const Value* value = any(key);
  if (value == nullptr) return nullptr;
  const Array* elements = value->as_array();
  if (elements == nullptr) refuse(key, "a list");
  if (elements != nullptr && elements->size() > max) {
    refuse(key, "a list of at most " + std::to_string(max) + " elements");
    return nullptr;
  }
  return elements;
}

const Value* FieldReader::map(std::string_view key) {
  const Value* value = any(key);
  if (value == nullptr || value->as_map() != nullptr) return value;
  refuse(key, "a map");
  return nullptr;
}

const Value* FieldReader::any(std::string_view key) {
  if (error_) return nullptr;
  const Value* value = payload_.find(key);
  if (value == nullptr) fail('"' + std::string(key) + "\" is missing");
  return value;
}

void FieldReader::expect_type(Type type) {
  const Value* value = payload_.find("type");
  if (value == nullptr) return;
  const Bytes* name = value->as_bytes();
  if (name == nullptr || *name != type_name(type)) {
    refuse("type", '"' + std::string(type_name(type)) + '"');
  }
}

void FieldReader::refuse(std::string_view key, std::string_view must_be) {
  fail('"' + std::string(key) + "\" must be " + std::string(must_be));
}

void FieldReader::adopt_error(const FieldReader& part) {
  if (!error_) error_ = part.error_;
}

void FieldReader::fail(const std::string& reason) {
  if (!error_) error_ = message_ + ": " + reason;
}

}  // namespace macula::dht::wire
