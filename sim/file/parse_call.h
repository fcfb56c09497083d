// The form that selectors, metrics and distributions share: a name, arguments in parentheses, and
// what follows them.
//
//   parse_call("messages(find_value, to=edge3)");  // arguments "find_value" and to = "edge3"
//   parse_call("latency_ms('a, b').p99");          // argument "a, b", suffix ".p99"
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace macula::sim {

inline constexpr std::size_t kCallBytesMax = 4096;
inline constexpr std::size_t kCallArgumentsMax = 16;

struct CallArgument {
  std::string name;  // of NAME=TEXT; empty: given by position
  std::string text;  // without its quotes
  std::string raw;   // as written
};

struct CallForm {
  std::string name;  // what stands before the parentheses
  bool has_arguments = false;
  std::vector<CallArgument> arguments;
  std::string suffix;  // what stands after them
};

// Splits at commas outside of inner parentheses and of quotes, single or double.
[[nodiscard]] tl::expected<CallForm, std::string> parse_call(std::string_view text);

[[nodiscard]] std::string_view trim(std::string_view text);

}  // namespace macula::sim
