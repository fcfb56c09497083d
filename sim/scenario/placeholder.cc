#include "sim/scenario/placeholder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <utility>

#include "base/check.h"
#include "base/text/units.h"
#include "sim/engine/zipf.h"

namespace macula::sim {
namespace {

constexpr std::string_view kKnown =
    "there are `{n}`, the number of the repetition, `{n % 200}`, `{uniform(200)}` and "
    "`{zipf(200, 1.0)}`";

bool begins_one(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// The first placeholder at or after `from`, in its braces.
std::optional<std::string_view> next_placeholder(std::string_view text, std::size_t from) {
  for (std::size_t open = text.find('{', from); open != std::string_view::npos;
       open = text.find('{', open + 1)) {
    const std::size_t first = text.find_first_not_of(' ', open + 1);
    if (first == std::string_view::npos || !begins_one(text[first])) continue;
    const std::size_t close = text.find_first_of("{}\"", first);
    if (close == std::string_view::npos || text[close] != '}') continue;
    return text.substr(open, close + 1 - open);
  }
  return std::nullopt;
}

std::string without_blanks(std::string_view text) {
  std::string kept(text);
  kept.erase(std::remove(kept.begin(), kept.end(), ' '), kept.end());
  return kept;
}

// The text between the two, if `text` begins and ends so.
std::optional<std::string_view> inside(std::string_view text, std::string_view begin,
                                       std::string_view end) {
  if (text.size() < begin.size() + end.size() || !text.starts_with(begin) || !text.ends_with(end)) {
    return std::nullopt;
  }
  return text.substr(begin.size(), text.size() - begin.size() - end.size());
}

tl::expected<std::uint32_t, std::string> count_of(std::string_view text, std::string_view source) {
  std::uint32_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error == std::errc() && end == text.data() + text.size() && count >= 1 &&
      count <= Zipf::kCountMax) {
    return count;
  }
  return tl::unexpected(
      fmt::format("`{}`: `{}` is not a number from 1 to {}", source, text, Zipf::kCountMax));
}

tl::expected<Placeholder, std::string> with_count(Placeholder::Kind kind, std::string_view count,
                                                  std::string_view source) {
  const auto read = count_of(count, source);
  if (!read) return tl::unexpected(read.error());
  return Placeholder{kind, *read, 0};
}

tl::expected<Placeholder, std::string> zipf_of(std::string_view inner, std::string_view source) {
  const std::size_t comma = inner.find(',');
  if (comma == std::string_view::npos) {
    return tl::unexpected(
        fmt::format("`{}`: write the exponent, too, as in `{{zipf(200, 1.0)}}`", source));
  }
  auto read = with_count(Placeholder::Kind::zipf, inner.substr(0, comma), source);
  if (!read) return read;
  const auto exponent = parse_scaled(inner.substr(comma + 1), kFixedOne);
  if (!exponent || *exponent < 0 || *exponent > Zipf::kExponentMax) {
    return tl::unexpected(fmt::format("`{}`: `{}` is not an exponent from 0 to {}", source,
                                      inner.substr(comma + 1), Zipf::kExponentMax / kFixedOne));
  }
  read->exponent = *exponent;
  return read;
}

tl::expected<Placeholder, std::string> parse_placeholder(std::string_view source) {
  using Kind = Placeholder::Kind;
  const std::string text = without_blanks(source);
  if (text == kNumberPlaceholder) return Placeholder{};
  if (const auto rest = inside(text, "{n%", "}")) return with_count(Kind::rest, *rest, source);
  if (const auto uniform = inside(text, "{uniform(", ")}")) {
    return with_count(Kind::uniform, *uniform, source);
  }
  if (const auto zipf = inside(text, "{zipf(", ")}")) return zipf_of(*zipf, source);
  return tl::unexpected(fmt::format("there is no placeholder `{}`: {}", source, kKnown));
}

// Empty: it may stand there.
std::string refusal(const TextPart& part, Placeholders allowed) {
  switch (allowed) {
    case Placeholders::none:
      return fmt::format(
          "the placeholder `{}` stands where nothing repeats: write the number itself",
          part.source);
    case Placeholders::only_n:
      if (part.source == kNumberPlaceholder) return {};
      return fmt::format("`{}` cannot stand here: only `{{n}}` can, which names a series",
                         part.source);
    case Placeholders::numbered:
      if (!draws(*part.placeholder)) return {};
      return fmt::format("`{}` cannot stand here: `any` and `sample` draw nodes", part.source);
    case Placeholders::all:
      return {};
  }
  return {};
}

}  // namespace

tl::expected<std::vector<TextPart>, std::string> parts_of(std::string_view text) {
  std::vector<TextPart> parts;
  std::size_t from = 0;
  while (const auto found = next_placeholder(text, from)) {
    const auto placeholder = parse_placeholder(*found);
    if (!placeholder) return tl::unexpected(placeholder.error());
    const auto at = static_cast<std::size_t>(found->data() - text.data());
    parts.push_back({std::string(text.substr(from, at - from)), *placeholder, std::string(*found)});
    from = at + found->size();
  }
  parts.push_back({std::string(text.substr(from))});
  return parts;
}

std::string with_number(std::string text, std::uint64_t number) {
  if (text.find('{') == std::string::npos) return text;
  const auto parts = parts_of(text);
  MACULA_CHECK(parts.has_value());
  std::string filled;
  for (const TextPart& part : *parts) {
    filled += part.text;
    if (!part.placeholder) continue;
    filled += std::to_string(counted(*part.placeholder, number));
  }
  return filled;
}

Selector with_number(Selector selector, std::uint64_t number) {
  selector.name = with_number(std::move(selector.name), number);
  for (Selector& member : selector.members) member = with_number(std::move(member), number);
  return selector;
}

std::string wrong_placeholder(std::string_view text, Placeholders allowed) {
  const auto parts = parts_of(text);
  if (!parts) return parts.error();
  for (const TextPart& part : *parts) {
    if (!part.placeholder) continue;
    if (std::string wrong = refusal(part, allowed); !wrong.empty()) return wrong;
  }
  return {};
}

std::string wrong_name_placeholder(std::string_view text, Placeholders allowed) {
  if (std::string wrong = wrong_placeholder(text, allowed); !wrong.empty()) return wrong;
  const auto parts = parts_of(text);
  for (const TextPart& part : *parts) {
    const std::size_t brace = part.text.find_first_of("{}");
    if (brace == std::string::npos) continue;
    return fmt::format(
        "`{}` stands by itself: braces are for placeholders, as `{{n}}`, the number of the "
        "repetition",
        part.text[brace]);
  }
  return {};
}

}  // namespace macula::sim
