// MessagePack into a string, or into a count of bytes: one description of a message, two results.
//
//   Packer<TextBuffer> packer;  write(packer, message);  packer.sink().take();
//   Packer<Count> count;  write(count, message);   count.sink().size;
//
// Internal to dht/wire.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <msgpack.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "base/text_buffer.h"
#include "dht/wire/value.h"

namespace macula::dht::wire {

struct Count {
  std::size_t size = 0;
  void write(const char*, std::size_t count) { size += count; }
};

template <typename Sink>
class Packer {
 public:
  static constexpr bool kCounts = std::is_same_v<Sink, Count>;

  explicit Packer(Sink sink = Sink()) : sink_(std::move(sink)) {}
  Packer(const Packer&) = delete;
  Packer& operator=(const Packer&) = delete;

  [[nodiscard]] Sink& sink() { return sink_; }

  void map(std::size_t entries) { packer_.pack_map(static_cast<std::uint32_t>(entries)); }
  // The elements follow. An empty list takes the form that Macula 0.8 gives it.
  void array(std::size_t elements) {
    if (elements == 0) {
      packer_.pack_str(0);
    } else {
      packer_.pack_array(static_cast<std::uint32_t>(elements));
    }
  }
  void bytes(std::string_view text) {
    packer_.pack_bin(static_cast<std::uint32_t>(text.size()));
    packer_.pack_bin_body(text.data(), static_cast<std::uint32_t>(text.size()));
  }
  // The same into a piece of a text: a map of at most 15 entries, and at most 255 bytes.
  static void add_map(TextBuffer::Piece& piece, std::size_t entries) {
    piece.add(static_cast<char>(0x80 | entries));
  }
  static void add_bytes(TextBuffer::Piece& piece, std::string_view text) {
    piece.add('\xc4');
    piece.add(static_cast<char>(text.size()));
    piece.add(text);
  }
  void integer(std::uint64_t number) { packer_.pack_uint64(number); }
  void boolean(bool flag) { flag ? packer_.pack_true() : packer_.pack_false(); }

  void value(const Value& value) {
    if (const Map* entries = value.as_map()) {
      map(entries->size());
      for (const Entry& entry : *entries) {
        bytes(entry.key);
        this->value(entry.value);
      }
    } else if (const Array* elements = value.as_array()) {
      array(elements->size());
      for (const Value& element : *elements) this->value(element);
    } else {
      scalar(value);
    }
  }

 private:
  void scalar(const Value& value) {
    if (const Bytes* text = value.as_bytes()) {
      bytes(*text);
    } else if (const std::uint64_t* number = value.as_unsigned()) {
      integer(*number);
    } else if (const auto* negative = std::get_if<std::int64_t>(&value.data)) {
      packer_.pack_int64(*negative);
    } else if (const auto* flag = std::get_if<bool>(&value.data)) {
      boolean(*flag);
    } else if (const auto* real = std::get_if<double>(&value.data)) {
      float64(*real);
    } else {
      packer_.pack_nil();
    }
  }

  // The library's pack_double turns 5.0 into the integer 5.
  void float64(double real) {
    static_assert(sizeof(double) == sizeof(std::uint64_t));
    std::uint64_t bits = 0;
    std::memcpy(&bits, &real, sizeof bits);
    char form[9] = {'\xcb'};
    for (int i = 0; i < 8; ++i) form[1 + i] = static_cast<char>(bits >> (56 - 8 * i));
    sink_.write(form, sizeof form);
  }

  Sink sink_;
  msgpack::packer<Sink> packer_{sink_};
};

}  // namespace macula::dht::wire
