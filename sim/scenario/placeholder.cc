#include "sim/scenario/placeholder.h"

#include <fmt/format.h>

#include <cctype>
#include <optional>
#include <utility>

namespace macula::sim {
namespace {

bool begins_one(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// The first placeholder at or after `from`, in its braces.
std::optional<std::string_view> next_placeholder(std::string_view text, std::size_t& from) {
  for (std::size_t open = text.find('{', from); open != std::string_view::npos;
       open = text.find('{', open + 1)) {
    const std::size_t first = text.find_first_not_of(' ', open + 1);
    if (first == std::string_view::npos || !begins_one(text[first])) continue;
    const std::size_t close = text.find_first_of("{}\"", first);
    if (close == std::string_view::npos || text[close] != '}') continue;
    from = close + 1;
    return text.substr(open, close + 1 - open);
  }
  return std::nullopt;
}

}  // namespace

std::string with_number(std::string text, std::uint64_t number) {
  for (auto at = text.find(kNumberPlaceholder); at != std::string::npos;
       at = text.find(kNumberPlaceholder, at)) {
    text.replace(at, kNumberPlaceholder.size(), std::to_string(number));
  }
  return text;
}

Selector with_number(Selector selector, std::uint64_t number) {
  selector.name = with_number(std::move(selector.name), number);
  for (Selector& member : selector.members) member = with_number(std::move(member), number);
  return selector;
}

std::string wrong_placeholder(std::string_view text) {
  std::size_t at = 0;
  while (const auto found = next_placeholder(text, at)) {
    if (*found == kNumberPlaceholder) continue;
    return fmt::format(
        "there is no placeholder `{}`: `{{n}}` is the only one, the number of the repetition",
        *found);
  }
  return {};
}

std::string wrong_name_placeholder(std::string_view text) {
  if (std::string wrong = wrong_placeholder(text); !wrong.empty()) return wrong;
  for (std::size_t at = text.find_first_of("{}"); at != std::string_view::npos;
       at = text.find_first_of("{}", at)) {
    if (text.substr(at, kNumberPlaceholder.size()) != kNumberPlaceholder) {
      return fmt::format(
          "`{}` stands by itself: braces are for `{{n}}`, the number of the "
          "repetition",
          text[at]);
    }
    at += kNumberPlaceholder.size();
  }
  return {};
}

std::string any_placeholder(std::string_view text) {
  std::size_t at = 0;
  const auto found = next_placeholder(text, at);
  if (!found) return {};
  return fmt::format("the placeholder `{}` stands where nothing repeats: write the number itself",
                     *found);
}

}  // namespace macula::sim
