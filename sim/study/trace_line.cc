#include "sim/study/trace_line.h"

#include <algorithm>
#include <charconv>
#include <cstddef>

#include "base/check.h"

namespace macula::sim {
namespace {

// One past the text whose opening quote is at `begin`.
std::size_t end_of_text(std::string_view line, std::size_t begin) {
  std::size_t at = line.find('"', begin + 1);
  // A quote behind a backslash ends the text, unless the backslash is escaped by the one before it.
  for (; at != std::string_view::npos && line[at - 1] == '\\'; at = line.find('"', at + 1)) {
    const std::size_t other = line.find_last_not_of('\\', at - 1);
    if ((at - 1 - other) % 2 == 0) break;
  }
  MACULA_CHECK(at != std::string_view::npos);
  return at + 1;
}

std::string_view unquoted(std::string_view value) {
  return value.size() >= 2 && value.front() == '"' ? value.substr(1, value.size() - 2)
                                                   : std::string_view{};
}

}  // namespace

void TraceLine::read(std::string_view line) {
  constexpr std::string_view kTime = R"({"t":)";
  constexpr std::string_view kKind = R"(,"kind":)";
  MACULA_CHECK(line.starts_with(kTime) && line.ends_with('}'));
  line.remove_suffix(1);
  const char* const behind =
      std::from_chars(line.data() + kTime.size(), line.data() + line.size(), t_).ptr;
  const auto head = static_cast<std::size_t>(behind - line.data());
  MACULA_CHECK(line.substr(head).starts_with(kKind));
  const std::size_t kind = head + kKind.size();
  std::size_t at = end_of_text(line, kind);
  kind_ = unquoted(line.substr(kind, at - kind));
  fields_.clear();
  ++at;  // past the comma
  while (at < line.size() && line[at] == '"') {
    const std::size_t colon = end_of_text(line, at);
    const std::string_view name = line.substr(at + 1, colon - at - 2);
    const std::size_t begin = colon + 1;
    MACULA_CHECK(begin < line.size());
    const std::size_t end = line[begin] == '"' ? end_of_text(line, begin)
                                               : std::min(line.find(',', begin), line.size());
    fields_.emplace_back(name, line.substr(begin, end - begin));
    at = end + 1;
  }
}

std::string_view TraceLine::text(std::string_view name) const {
  for (const auto& [known, value] : fields_) {
    if (known == name) return unquoted(value);
  }
  return {};
}

}  // namespace macula::sim
