// JSON that says which schema it has and what its own hash is, so that a file that was cut off,
// altered or written by another version is noticed, and said to be so.
//
//   std::string text = sealed(document);   // {"schema":2,"sha256":"..",...}
//   auto read = unsealed(text);            // the error is for a person
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace macula::sim {

inline constexpr int kResultSchema = 2;
inline constexpr std::size_t kSealedBytesMax = std::size_t{64} << 20;

// One line: `members` after the schema and the SHA-256 of the whole text, in which the digits of
// the hash itself count as zeros. The same text for the same members.
[[nodiscard]] std::string sealed(const nlohmann::ordered_json& members);

// The object. Any text is read in time linear in its length, but for a logarithm.
[[nodiscard]] tl::expected<nlohmann::json, std::string> unsealed(std::string_view text);

// The error in a text that sealed() is said to have made, without reading more of it than its
// schema and its hash; empty: there is none.
[[nodiscard]] std::string broken_seal(std::string_view text);

}  // namespace macula::sim
