// When a payload is used, by whom and for what, and what it then is.
//
//   value_of(payload, {"a-{n}", "eu#7", 12s, 3}, false);
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.h"
#include "sim/scenario/payload.h"

namespace macula::sim {

struct Occasion {
  std::string what;  // a key or a procedure; may hold {n}
  std::string_view who;
  Duration due;
  std::uint64_t repetition;
};

// Nodes that store at once under one key, unless they sign, store the same, as they do with a text:
// else each would contradict the other.
[[nodiscard]] std::string value_of(const Payload& payload, const Occasion& at, bool is_signed);
// JSON.
[[nodiscard]] std::string arguments_of(const Payload& payload, const Occasion& at);

}  // namespace macula::sim
