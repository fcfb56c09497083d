// One JSON object on a line of its own, written field by field: a trace has millions of them.
//
//   JsonLine line(&out);
//   line.number("t", 1500);
//   line.text("kind", "sent");
//   line.end_head();
//   line.text("from", "eu#0");
//   line.fields();                   // "from":"eu#0"
//   line.end();                      // {"t":1500,"kind":"sent","from":"eu#0"}
//
// Texts may be any bytes: what is no UTF-8 is replaced. Names are plain, and written as they are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>

#include "base/text_buffer.h"

namespace macula::sim {

// The text as it stands between the quotes of one in JSON; in `room` where it has to be written
// anew.
[[nodiscard]] std::string_view escaped(std::string_view text, std::string& room);

class JsonLine {
 public:
  // Nullptr: lines are made for their fields alone.
  explicit JsonLine(std::ostream* out) : out_(out) {}

  void number(std::string_view name, std::int64_t value) {
    TextBuffer::Piece field = begin(name, 0);
    field.add_number(value);
    field.done();
  }
  void text(std::string_view name, std::string_view value) { plain(name, escaped(value, room_)); }
  // The value has only letters, digits, and signs that stand in JSON for themselves.
  void plain(std::string_view name, std::string_view value) {
    TextBuffer::Piece field = begin(name, value.size());
    field.add('"');
    field.add(value);
    field.add('"');
    field.done();
  }
  // Sixteen hexadecimal digits.
  void hash(std::string_view name, std::uint64_t value) {
    TextBuffer::Piece field = begin(name, 0);
    field.add('"');
    field.add_hash(value);
    field.add('"');
    field.done();
  }
  // "of/count": of what is known by a node and that node's own count. `of` is plain.
  void numbered(std::string_view name, std::string_view of, std::uint32_t count) {
    TextBuffer::Piece field = begin(name, of.size());
    field.add('"');
    field.add(of);
    field.add('/');
    field.add_number(count);
    field.add('"');
    field.done();
  }
  // The `fields` follow; without a head, all of them are.
  void end_head() { head_ = line_.size(); }
  // As they stand in the line, without what parts them from the head. Valid until the next one.
  [[nodiscard]] std::string_view fields() const {
    return line_.size() > head_ ? line_.view().substr(head_ + 1) : std::string_view();
  }
  // The next may begin.
  void end() {
    if (out_ != nullptr) {
      line_.add("}\n");
      line_.write_to(*out_);
    }
    line_.clear();
    head_ = 0;
  }

 private:
  // The room around the name and the value, and for a number.
  static constexpr std::size_t kAround = TextBuffer::kLongestNumber + 8;

  // `more`: bytes of its value, besides a number and its quotes.
  [[nodiscard]] TextBuffer::Piece begin(std::string_view name, std::size_t more) {
    TextBuffer::Piece field = line_.piece(name.size() + more + kAround);
    field.add(line_.empty() ? '{' : ',');
    field.add('"');
    field.add(name);
    field.add("\":");
    return field;
  }

  std::ostream* out_;
  TextBuffer line_;
  std::size_t head_ = 0;  // its bytes
  std::string room_;
};

}  // namespace macula::sim
