// Keeps from the TOML library (3.3) what it does not survive, and reports it as an error:
//
//   - dotted keys of any depth: it nests one table a part, and frees them by recursion, so that
//     "a.a.a.a.." of a few megabytes would exhaust the stack;
//   - characters beyond ASCII where white space could stand: its test for white space has undefined
//     behaviour for some of them, from U+00A1 to U+0499 to begin with.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/text/place.h"

namespace macula {

inline constexpr int kKeyPartsMax = 16;

struct Refusal {
  Place place;
  std::string message;
};

// The first such place. Anything else that is no TOML is left to the library to report.
[[nodiscard]] std::optional<Refusal> guard_document(std::string_view text);

}  // namespace macula
