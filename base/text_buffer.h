// Text, or bytes, that are put together piece by piece: frames, and files of millions of lines.
//
//   TextBuffer text;
//   TextBuffer::Piece piece = text.piece(30);   // room for so many bytes
//   piece.add("eu#");
//   piece.add_number(12);
//   piece.done();
//   text.view();                                // "eu#12"
//   text.clear();                               // its room stays
//   text.write(bytes, count);                   // as much room as it takes
//   std::string all = text.take();              // without a copy
//
// The caller makes room for all of a piece before it puts it in: nothing is checked in between.
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

#include "base/check.h"

namespace macula {

class TextBuffer {
 public:
  static constexpr std::size_t kLongestNumber = 20;  // digits and sign, of 64 bits
  static constexpr std::size_t kHashDigits = 16;

  TextBuffer() = default;
  // So many zeros come first. The content of `used` is written over.
  TextBuffer(std::string&& used, std::size_t zeros) : text_(std::move(used)) {
    if (text_.size() < zeros) text_.resize(zeros);
    std::fill_n(text_.begin(), zeros, '\0');
    size_ = zeros;
  }

  class Piece {
   public:
    void add(char c) { *at_++ = c; }
    void add(std::string_view text) {
      if (text.empty()) return;
      std::memcpy(at_, text.data(), text.size());
      at_ += text.size();
    }
    // Decimal, of any whole number.
    template <typename Number>
    void add_number(Number number) {
      at_ = std::to_chars(at_, at_ + kLongestNumber, number).ptr;
    }
    // Hexadecimal, eight digits at a time: a byte for each, and what it is as a letter.
    void add_hash(std::uint64_t value) {
      add_hex(static_cast<std::uint32_t>(value >> 32));
      add_hex(static_cast<std::uint32_t>(value));
    }
    // It is part of the text, and nothing is added to it any more.
    void done() {
      const auto size = static_cast<std::size_t>(at_ - text_->text_.data());
      MACULA_CHECK(size <= text_->text_.size());
      text_->size_ = size;
    }

   private:
    friend class TextBuffer;

    Piece(TextBuffer& text, char* at) : text_(&text), at_(at) {}

    void add_hex(std::uint32_t value) {
      constexpr std::uint64_t kOnes = 0x0101010101010101;
      std::uint64_t nibbles = value;
      nibbles = (nibbles << 16 | nibbles) & 0x0000ffff0000ffff;
      nibbles = (nibbles << 8 | nibbles) & 0x00ff00ff00ff00ff;
      nibbles = (nibbles << 4 | nibbles) & 0x0f0f0f0f0f0f0f0f;
      const std::uint64_t above_nine = (nibbles + 6 * kOnes) >> 4 & kOnes;
      const std::uint64_t letters = nibbles + '0' * kOnes + ('a' - '0' - 10) * above_nine;
      std::array<char, sizeof letters> bytes;
      for (std::size_t i = 0; i < bytes.size(); ++i) {
        bytes[i] = static_cast<char>(letters >> (56 - 8 * i));
      }
      add({bytes.data(), bytes.size()});
    }

    TextBuffer* text_;
    char* at_;
  };

  // One at a time. `most`: bytes that it may take.
  [[nodiscard]] Piece piece(std::size_t most) {
    if (text_.size() - size_ < most) text_.resize(2 * (size_ + most));
    return {*this, text_.data() + size_};
  }
  void write(const char* bytes, std::size_t size) {
    if (size == 0) return;  // then there may be no bytes to point at
    if (text_.size() - size_ < size) text_.resize(2 * (size_ + size));
    std::memcpy(text_.data() + size_, bytes, size);
    size_ += size;
  }
  void add(std::string_view text) { write(text.data(), text.size()); }
  template <typename Number>
  void add_number(Number number) {
    Piece piece = this->piece(kLongestNumber);
    piece.add_number(number);
    piece.done();
  }

  [[nodiscard]] std::string_view view() const { return {text_.data(), size_}; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t size() const { return size_; }
  // Writes over the text that stands at `at`.
  void replace(std::size_t at, std::string_view text) {
    MACULA_CHECK(at + text.size() <= size_);
    std::memcpy(text_.data() + at, text.data(), text.size());
  }
  void clear() { size_ = 0; }
  // All of it; nothing is left.
  [[nodiscard]] std::string take() {
    text_.resize(std::exchange(size_, 0));
    return std::exchange(text_, {});
  }
  // Hands it on where it has become long: few writes are quicker than many.
  void write_in_parts_to(std::ostream& out) {
    static constexpr std::size_t kPart = std::size_t{1} << 16;
    if (size_ >= kPart) write_to(out);
  }
  // Hands it on as a whole, and begins anew.
  void write_to(std::ostream& out) {
    out.write(text_.data(), static_cast<std::streamsize>(size_));
    clear();
  }

 private:
  std::string text_;
  std::size_t size_ = 0;  // of them are used
};

}  // namespace macula
