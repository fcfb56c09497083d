// One JSON object on a line of its own, written field by field: a trace has millions of them.
//
//   JsonLine line(&out);
//   line.number("t", 1500);
//   line.text("kind", "sent");
//   line.end();                      // {"t":1500,"kind":"sent"}
//
// Texts may be any bytes: what is no UTF-8 is replaced. Names are plain, and written as they are.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>

namespace macula::sim {

class JsonLine {
 public:
  // Nullptr: nothing is written, and nobody may ask for it.
  explicit JsonLine(std::ostream* out) : out_(out) {}

  void number(std::string_view name, std::int64_t value);
  void text(std::string_view name, std::string_view value);
  // Sixteen hexadecimal digits.
  void hash(std::string_view name, std::uint64_t value);
  // "of/count": of what is known by a node and that node's own count.
  void numbered(std::string_view name, std::string_view of, std::uint32_t count);
  // The next may begin.
  void end();

 private:
  void begin(std::string_view name);
  void quoted(std::string_view value);

  std::ostream* out_;
  std::string line_;
};

}  // namespace macula::sim
