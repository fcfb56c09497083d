#include "sim/study/parting.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

namespace macula::sim {
namespace {

std::string_view first_line(std::string_view text) {
  return text.substr(0, text.find('\n'));
}

// The first lines of a text.
std::vector<std::string_view> first_lines(std::string_view text, std::size_t most) {
  std::vector<std::string_view> lines;
  while (!text.empty() && lines.size() < most) {
    lines.push_back(first_line(text));
    text.remove_prefix(std::min(lines.back().size() + 1, text.size()));
  }
  return lines;
}

// Where the last lines of a text begin. The text is empty or ends with the end of a line.
std::size_t start_of_last(std::string_view text, std::size_t most) {
  std::size_t start = text.size();
  for (std::size_t line = 0; line < most && start > 0; ++line) {
    const std::size_t end = start == 1 ? std::string_view::npos : text.rfind('\n', start - 2);
    start = end == std::string_view::npos ? 0 : end + 1;
  }
  return start;
}

}  // namespace

std::optional<Parting> first_parting(std::string_view a, std::string_view b, std::size_t around) {
  std::size_t at_a = 0;
  std::size_t at_b = 0;
  while (at_a < a.size() && at_b < b.size()) {
    const std::string_view line_a = first_line(a.substr(at_a));
    const std::string_view line_b = first_line(b.substr(at_b));
    if (line_a != line_b) break;
    at_a += line_a.size() + 1;
    at_b += line_b.size() + 1;
  }
  if (at_a >= a.size() && at_b >= b.size()) return std::nullopt;
  at_a = std::min(at_a, a.size());
  at_b = std::min(at_b, b.size());
  const std::string_view both = a.substr(0, at_a);
  return Parting{first_lines(both.substr(start_of_last(both, around)), around),
                 first_lines(a.substr(at_a), around + 1), first_lines(b.substr(at_b), around + 1)};
}

std::string trace_fault(std::string_view trace) {
  const std::string_view last = trace.substr(start_of_last(trace, 1));
  if (trace.empty() || trace.back() != '\n') return "it is cut off";
  const auto end = nlohmann::json::parse(last, nullptr, false);
  if (!end.is_object()) return "its last line is no object of JSON";
  const std::string kind = end.value("kind", "");
  if (kind != "end" && kind != "broken off") return "it is cut off: its last line is not its end";
  if (end.contains("part")) return "it shows a part of its run (--trace-only)";
  return {};
}

}  // namespace macula::sim
