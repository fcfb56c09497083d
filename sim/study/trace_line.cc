#include "sim/study/trace_line.h"

#include <charconv>
#include <cstddef>

#include "base/check.h"

namespace macula::sim {
namespace {

// One past the text whose opening quote is at `begin`.
std::size_t end_of_text(std::string_view line, std::size_t begin) {
  std::size_t at = begin + 1;
  while (at < line.size() && line[at] != '"') at += line[at] == '\\' ? 2 : 1;
  MACULA_CHECK(at < line.size());
  return at + 1;
}

std::string_view unquoted(std::string_view value) {
  return value.size() >= 2 && value.front() == '"' ? value.substr(1, value.size() - 2)
                                                   : std::string_view{};
}

}  // namespace

void TraceLine::read(std::string_view line) {
  t_ = 0;
  kind_ = {};
  fields_.clear();
  std::size_t at = 1;  // past the brace
  while (at < line.size() && line[at] == '"') {
    const std::size_t colon = end_of_text(line, at);
    const std::string_view name = line.substr(at + 1, colon - at - 2);
    const std::size_t begin = colon + 1;
    MACULA_CHECK(begin < line.size());
    const std::size_t end =
        line[begin] == '"' ? end_of_text(line, begin) : line.find_first_of(",}", begin);
    const std::string_view value = line.substr(begin, end - begin);
    if (name == "t") {
      std::from_chars(value.data(), value.data() + value.size(), t_);
    } else if (name == "kind") {
      kind_ = unquoted(value);
    } else {
      fields_.emplace_back(name, value);
    }
    at = end < line.size() ? end + 1 : line.size();  // past the comma
  }
}

std::string_view TraceLine::text(std::string_view name) const {
  for (const auto& [known, value] : fields_) {
    if (known == name) return unquoted(value);
  }
  return {};
}

}  // namespace macula::sim
