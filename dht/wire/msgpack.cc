#include "dht/wire/msgpack.h"

#include <cmath>

#include "base/hash.h"
#include "dht/wire/packer.h"

namespace macula::dht::wire {
namespace {

// Builds a Value from what the library's parser meets. Returning false ends the parse.
//
// Every value takes at least one byte of input, so that the values claimed by all headers together
// cannot be more than the bytes there are: room may be reserved for a claim that passed this test,
// and the pointers in `open_` stay good while their containers fill up.
class Builder : public msgpack::null_visitor {
 public:
  explicit Builder(std::size_t bytes) : allowed_(std::min(bytes, kMaxValues)) {}

  [[nodiscard]] Value& root() { return root_; }

  bool visit_nil() { return put(Nil{}); }
  bool visit_boolean(bool flag) { return put(flag); }
  bool visit_positive_integer(std::uint64_t number) { return put(number); }
  // Also called for a number that is not negative, where its form is a signed one.
  bool visit_negative_integer(std::int64_t number) {
    return number < 0 ? put(number) : put(static_cast<std::uint64_t>(number));
  }
  bool visit_float32(float real) { return visit_float64(static_cast<double>(real)); }
  bool visit_float64(double real) { return std::isfinite(real) && put(real); }
  bool visit_bin(const char* text, std::uint32_t size) { return put_text(text, size); }
  // An empty str is Macula's empty list, but as a key it can only be text.
  bool visit_str(const char* text, std::uint32_t size) {
    return size == 0 && !in_key_ ? put(Array{}) : put_text(text, size);
  }
  bool visit_ext(const char*, std::uint32_t) { return false; }

  bool start_array(std::uint32_t size) { return open<Array>(size, size); }
  bool start_map(std::uint32_t size) { return open<Map>(size, std::size_t{2} * size); }
  bool end_array() { return close(); }
  bool end_map() {
    Map& entries = std::get<Map>(open_.back()->data);
    sort_map(entries);
    return close();
  }
  bool start_map_key() { return in_key_ = true; }
  bool end_map_key() {
    in_key_ = false;
    return true;
  }

 private:
  bool put_text(const char* text, std::uint32_t size) {
    Bytes bytes;
    if (size != 0) bytes.assign(text, size);
    if (!in_key_) return put(std::move(bytes));
    std::get<Map>(open_.back()->data).push_back({std::move(bytes), {}});
    return true;
  }

  // Puts `content` in the next place, unless only a key may stand there.
  template <typename Content>
  bool put(Content content) {
    if (in_key_) return false;
    next().data.template emplace<Content>(std::move(content));
    return true;
  }

  // The place of the next value.
  Value& next() {
    if (open_.empty()) return root_;
    Value& container = *open_.back();
    if (auto* array = std::get_if<Array>(&container.data)) return array->emplace_back();
    return std::get<Map>(container.data).back().value;
  }

  template <typename Container>
  bool open(std::size_t size, std::size_t claimed) {
    if (in_key_ || open_.size() == kMaxDepth || claimed > allowed_ - values_) return false;
    values_ += claimed;
    Value& place = next();
    place.data.template emplace<Container>().reserve(size);
    open_.push_back(&place);
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  Value root_;
  std::vector<Value*> open_;  // the containers around the place that is read, outermost first
  std::size_t allowed_;
  std::size_t values_ = 0;
  bool in_key_ = false;
};

// Where the hash of each kind of value starts.
enum class Kind : std::uint64_t { nil = 1, boolean, integer, real, bytes, array, map };

constexpr std::uint64_t start(Kind kind) {
  return static_cast<std::uint64_t>(kind);
}

std::uint64_t hash_scalar(const Value& value) {
  if (const Bytes* bytes = value.as_bytes()) return hash_bytes(*bytes, start(Kind::bytes));
  if (const std::uint64_t* number = value.as_unsigned())
    return mix(start(Kind::integer), *number, 0);
  if (const auto* number = std::get_if<std::int64_t>(&value.data)) {
    return mix(start(Kind::integer), static_cast<std::uint64_t>(*number), *number < 0 ? 1 : 0);
  }
  if (const auto* flag = std::get_if<bool>(&value.data))
    return mix(start(Kind::boolean), *flag ? 1 : 0);
  if (const auto* real = std::get_if<double>(&value.data)) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, real, sizeof bits);
    return mix(start(Kind::real), bits);
  }
  return mix(start(Kind::nil), 0);
}

}  // namespace

std::string pack(const Value& value) {
  Packer<TextBuffer> packer;
  packer.value(value);
  return packer.sink().take();
}

std::size_t packed_size(const Value& value) {
  Packer<Count> packer;
  packer.value(value);
  return packer.sink().size;
}

std::uint64_t hash_value(const Value& value) {
  if (const Array* elements = value.as_array()) {
    std::uint64_t state = mix(start(Kind::array), elements->size());
    for (const Value& element : *elements) state = mix(state, hash_value(element));
    return state;
  }
  if (const Map* entries = value.as_map()) {
    std::uint64_t sum = 0;  // a sum, so that order does not matter
    for (const Entry& entry : *entries) sum += mix(hash_bytes(entry.key), hash_value(entry.value));
    return mix(start(Kind::map), entries->size(), sum);
  }
  return hash_scalar(value);
}

std::optional<Value> unpack(std::string_view bytes) {
  Builder builder(bytes.size());
  std::size_t offset = 0;
  if (!msgpack::parse(bytes.data(), bytes.size(), offset, builder)) return std::nullopt;
  if (offset != bytes.size()) return std::nullopt;
  return std::move(builder.root());
}

}  // namespace macula::dht::wire
