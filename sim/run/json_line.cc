#include "sim/run/json_line.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <nlohmann/json.hpp>

#include "base/check.h"

namespace macula::sim {
namespace {

constexpr std::size_t kNumber = 20;  // digits of the longest, and its sign
constexpr std::size_t kHash = 16;

constexpr std::array<char, 512> kHexPairs = [] {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::array<char, 512> pairs{};
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    pairs[i] = kDigits[i % 2 == 0 ? i / 32 : i / 2 % 16];
  }
  return pairs;
}();

bool is_plain(char c) {
  return c >= ' ' && c <= '~' && c != '"' && c != '\\';
}

// Eight at a time. What is not plain is never taken for plain.
bool are_plain(std::string_view text) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kHigh = 0x8080808080808080;
  const auto has = [](std::uint64_t word, char c) {
    const std::uint64_t differs = word ^ (kOnes * static_cast<std::uint8_t>(c));
    return (differs - kOnes) & ~differs;
  };
  std::uint64_t bad = 0;
  while (text.size() >= sizeof bad) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), sizeof word);
    // Below the space, above the tilde, and the two that are escaped.
    bad |= (word - kOnes * ' ') | word | (word + kOnes) | has(word, '"') | has(word, '\\');
    text.remove_prefix(sizeof word);
  }
  return (bad & kHigh) == 0 && std::all_of(text.begin(), text.end(), is_plain);
}

// A field is put together here, and then appended at once.
class Field {
 public:
  static constexpr std::size_t kRoom = 256;

  void add(char c) { text_[size_++] = c; }
  void add(std::string_view text) {
    std::memcpy(text_ + size_, text.data(), text.size());
    size_ += text.size();
  }
  void add(std::int64_t value) {
    const auto end = std::to_chars(text_ + size_, text_ + kRoom, value).ptr;
    size_ = static_cast<std::size_t>(end - text_);
  }
  void add_hash(std::uint64_t value) {
    for (std::size_t i = 0; i < kHash / 2; ++i) {
      const std::size_t byte = value >> (56 - 8 * i) & 0xff;
      add({kHexPairs.data() + 2 * byte, 2});
    }
  }
  [[nodiscard]] std::string_view text() const { return {text_, size_}; }

 private:
  char text_[kRoom];
  std::size_t size_ = 0;
};

// What stands around the name and the value, and a number.
constexpr std::size_t kAround = kNumber + 8;

bool fits(std::string_view name, std::string_view value = {}) {
  return name.size() + value.size() + kAround <= Field::kRoom;
}

void begin(Field& field, bool first, std::string_view name) {
  field.add(first ? '{' : ',');
  field.add('"');
  field.add(name);
  field.add('"');
  field.add(':');
}

}  // namespace

void JsonLine::begin(std::string_view name) {
  line_ += line_.empty() ? "{\"" : ",\"";
  line_ += name;
  line_ += "\":";
}

void JsonLine::number(std::string_view name, std::int64_t value) {
  MACULA_CHECK(fits(name));
  Field field;
  sim::begin(field, line_.empty(), name);
  field.add(value);
  line_ += field.text();
}

void JsonLine::hash(std::string_view name, std::uint64_t value) {
  MACULA_CHECK(fits(name));
  Field field;
  sim::begin(field, line_.empty(), name);
  field.add('"');
  field.add_hash(value);
  field.add('"');
  line_ += field.text();
}

void JsonLine::text(std::string_view name, std::string_view value) {
  if (!fits(name, value) || !are_plain(value)) {
    begin(name);
    quoted(value);
    return;
  }
  Field field;
  sim::begin(field, line_.empty(), name);
  field.add('"');
  field.add(value);
  field.add('"');
  line_ += field.text();
}

void JsonLine::numbered(std::string_view name, std::string_view of, std::uint32_t count) {
  if (!fits(name, of) || !are_plain(of)) {
    text(name, of);
    line_.back() = '/';
    line_ += std::to_string(count);
    line_ += '"';
    return;
  }
  Field field;
  sim::begin(field, line_.empty(), name);
  field.add('"');
  field.add(of);
  field.add('/');
  field.add(std::int64_t{count});
  field.add('"');
  line_ += field.text();
}

void JsonLine::quoted(std::string_view value) {
  using Json = nlohmann::json;
  line_ += Json(std::string(value)).dump(-1, ' ', false, Json::error_handler_t::replace);
}

void JsonLine::end() {
  line_ += "}\n";
  out_->write(line_.data(), static_cast<std::streamsize>(line_.size()));
  line_.clear();
}

}  // namespace macula::sim
