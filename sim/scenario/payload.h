// The payload that a step stores, or sends as the arguments of a call: a text as it stands in the
// file, or so many bytes that nobody has to write out.
//
//   Payload{"21.5-{n}", 0};                         // the text; {n} is the repetition
//   Payload{{}, 480 << 10};                         // 480 KiB
//   made_up(480 << 10, "a-3/eu#7/12000000000");     // of them what this node stores then
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sim/engine/distribution.h"

namespace macula::sim {

struct Payload {
  std::string text;
  std::size_t bytes = 0;  // 0: it is the text; of sizes that are drawn: the most
  std::size_t least = 0;
  std::optional<Distribution> sizes{};  // in bytes

  // 64 uniform bits make a size. One that is drawn outside lies at the bound.
  [[nodiscard]] std::size_t size(std::uint64_t random) const;
};

// A mebibyte less 4 KiB: a message of Macula takes no more.
inline constexpr std::size_t kPayloadBytesMax = (std::size_t{1} << 20) - (std::size_t{4} << 10);

// `bytes` letters, digits, - and _ that follow from `subject` alone: the same for every seed, and
// in every world.
[[nodiscard]] std::string made_up(std::size_t bytes, std::string_view subject);
// The same as a JSON text: two of the bytes are its quotes.
[[nodiscard]] std::string made_up_json(std::size_t bytes, std::string_view subject);

}  // namespace macula::sim
