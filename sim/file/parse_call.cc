#include "sim/file/parse_call.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text/quotes.h"

namespace macula::sim {
namespace {

// A quote opens a quoted text only where an argument begins; elsewhere it is a letter like others.
bool begins_argument(std::string_view text, std::size_t at) {
  while (at > 0 && text[at - 1] == ' ') --at;
  return at > 0 && (text[at - 1] == '(' || text[at - 1] == ',' || text[at - 1] == '=');
}

struct Split {
  std::vector<std::string_view> arguments;
  std::size_t end = 0;  // after the closing parenthesis
};

// `open` is the offset of the opening parenthesis.
tl::expected<Split, std::string> split_arguments(std::string_view text, std::size_t open) {
  Split split;
  std::size_t begin = open + 1;
  int depth = 1;
  for (std::size_t at = begin; at < text.size(); ++at) {
    const char c = text[at];
    if (is_quote(c) && begins_argument(text, at)) {
      at = text.find(c, at + 1);
      if (at == std::string_view::npos) return tl::unexpected(fmt::format("a {} is not closed", c));
    } else if (c == '(') {
      ++depth;
    } else if (c == ')' && --depth == 0) {
      split.arguments.push_back(trim(text.substr(begin, at - begin)));
      split.end = at + 1;
      return split;
    } else if (c == ',' && depth == 1) {
      split.arguments.push_back(trim(text.substr(begin, at - begin)));
      begin = at + 1;
    }
  }
  return tl::unexpected(std::string("a parenthesis is not closed"));
}

CallArgument make_argument(std::string_view raw) {
  CallArgument argument;
  argument.raw = raw;
  const std::size_t equals = raw.find('=');
  if (equals != std::string_view::npos) {
    const std::string_view name = trim(raw.substr(0, equals));
    const bool is_name = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || c == '_';
    });
    if (is_name) {
      argument.name = name;
      argument.text = unquoted(trim(raw.substr(equals + 1)));
      return argument;
    }
  }
  argument.text = unquoted(raw);
  return argument;
}

}  // namespace

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

tl::expected<CallForm, std::string> parse_call(std::string_view text) {
  if (text.size() > kCallBytesMax) {
    return tl::unexpected(fmt::format("longer than {} bytes", kCallBytesMax));
  }
  text = trim(text);
  CallForm form;
  const std::size_t open = text.find('(');
  form.name = trim(text.substr(0, open));
  if (form.name.empty()) return tl::unexpected(std::string("a name is missing"));
  if (open == std::string_view::npos) return form;
  form.has_arguments = true;
  const auto split = split_arguments(text, open);
  if (!split) return tl::unexpected(split.error());
  form.suffix = trim(text.substr(split->end));
  if (split->arguments.size() == 1 && split->arguments[0].empty()) return form;
  if (split->arguments.size() > kCallArgumentsMax) {
    return tl::unexpected(fmt::format("more than {} arguments", kCallArgumentsMax));
  }
  for (const std::string_view raw : split->arguments) {
    if (raw.empty()) return tl::unexpected(std::string("an argument is empty"));
    form.arguments.push_back(make_argument(raw));
  }
  return form;
}

}  // namespace macula::sim
