// "{n}" in the texts of a step: the number of the repetition, from 0.
//
//   with_number("key-{n}", 3);                  // "key-3"
//   wrong_placeholder("key-{n % 200}");         // says that there is no such placeholder
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sim/scenario/selector.h"

namespace macula::sim {

inline constexpr std::string_view kNumberPlaceholder = "{n}";

[[nodiscard]] std::string with_number(std::string text, std::uint64_t number);
// In the keys that it names.
[[nodiscard]] Selector with_number(Selector selector, std::uint64_t number);

// What is wrong with the placeholders of a text; empty: nothing. A placeholder is what stands in
// braces and begins with a letter or a digit, so that JSON has none.
[[nodiscard]] std::string wrong_placeholder(std::string_view text);
// The same of a name (a key, a procedure, a label), in which a brace is nothing else.
[[nodiscard]] std::string wrong_name_placeholder(std::string_view text);
// The same where there is no repetition, so that "{n}" is wrong, too.
[[nodiscard]] std::string any_placeholder(std::string_view text);

}  // namespace macula::sim
