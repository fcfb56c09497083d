// Placeholders in the texts of a step: what they stand for changes with each repetition.
//
//     {n}              the number of the repetition, from 0
//     {n % 200}        its rest
//     {uniform(200)}   a number from 0 to 199, drawn
//     {zipf(200, 1.0)} the same, small ones more often: i with weight 1 / (i + 1)^1.0
//
//   with_number("key-{n % 200}", 203);          // "key-3"
//   wrong_placeholder("key-{m}", Placeholders::all);   // says that there is no such placeholder
//
// A placeholder is what stands in braces and begins with a letter or a digit, so that JSON has
// none. Draws are made by sim/run/text_filler.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "sim/engine/distribution.h"
#include "sim/scenario/selector.h"

namespace macula::sim {

inline constexpr std::string_view kNumberPlaceholder = "{n}";

struct Placeholder {
  enum class Kind : std::uint8_t { number, rest, uniform, zipf };

  Kind kind = Kind::number;
  std::uint32_t count = 0;  // of all but `number`
  Fixed exponent = 0;       // of `zipf`
};

[[nodiscard]] constexpr bool draws(const Placeholder& placeholder) {
  return placeholder.kind == Placeholder::Kind::uniform ||
         placeholder.kind == Placeholder::Kind::zipf;
}
// The value of one that draws nothing: the number of the repetition, or its rest.
[[nodiscard]] constexpr std::uint64_t counted(const Placeholder& placeholder,
                                              std::uint64_t number) {
  return placeholder.kind == Placeholder::Kind::rest ? number % placeholder.count : number;
}

// A part of a text: what stands there, and a placeholder behind it, but for the last part.
struct TextPart {
  std::string text;
  std::optional<Placeholder> placeholder{};
  std::string source{};  // of the placeholder, in its braces
};

// Or what is wrong with a placeholder.
[[nodiscard]] tl::expected<std::vector<TextPart>, std::string> parts_of(std::string_view text);

// Placeholders for `number` are filled in; the text has no draws.
[[nodiscard]] std::string with_number(std::string text, std::uint64_t number);
// In the keys that it names.
[[nodiscard]] Selector with_number(Selector selector, std::uint64_t number);

// Which placeholders may stand in a text.
enum class Placeholders : std::uint8_t {
  none,      // where nothing repeats
  only_n,    // of labels: `{n}` names a series
  numbered,  // `{n}` and `{n % N}`
  all,
};

// The error in the placeholders of a text; empty: there is none.
[[nodiscard]] std::string wrong_placeholder(std::string_view text, Placeholders allowed);
// The same of a name (a key, a procedure, a label), in which a brace is nothing else.
[[nodiscard]] std::string wrong_name_placeholder(std::string_view text, Placeholders allowed);

}  // namespace macula::sim
