// A line of a trace (sim/run/trace.h) as a person reads it.
//
//   event_text(R"({"t":1500000000,"kind":"request","from":"a","to":"b",..})");
//   // "  1.500000000s  request      a -> b  message find_value, hash 1f.."
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace macula::sim {

// Any other line stands there as it is. Control characters are escaped.
[[nodiscard]] std::string event_text(std::string_view line);

// Whether the first of these lines have different members and are the same in those that both have:
// then programs have written them that write traces of different forms.
[[nodiscard]] bool differ_in_form(const std::vector<std::string_view>& a,
                                  const std::vector<std::string_view>& b);

}  // namespace macula::sim
