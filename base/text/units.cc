#include "base/text/units.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "base/hash.h"

namespace macula {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};

// Two characters look like the sign of micro: U+00B5 and U+03BC.
constexpr std::array<Unit, 9> kTimeUnits{{{"d", 86'400'000'000'000},
                                          {"h", 3'600'000'000'000},
                                          {"min", 60'000'000'000},
                                          {"s", 1'000'000'000},
                                          {"ms", 1'000'000},
                                          {"us", 1'000},
                                          {"\xc2\xb5s", 1'000},
                                          {"\xce\xbcs", 1'000},
                                          {"ns", 1}}};
constexpr std::array<Unit, 7> kSizeUnits{{{"B", 1},
                                          {"KiB", 1ULL << 10},
                                          {"MiB", 1ULL << 20},
                                          {"GiB", 1ULL << 30},
                                          {"kB", 1'000},
                                          {"MB", 1'000'000},
                                          {"GB", 1'000'000'000}}};
constexpr std::size_t kMaxDigits =
    18;  // on either side of the point; 10^18 times a day fits 128 bits

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
// A byte of a character beyond ASCII counts as one, so that none is cut in half.
constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

// Says how to write a quantity with its spaces left out; empty where it has none.
std::string spaces_in(std::string_view text) {
  if (text.find_first_of(" \t") == std::string_view::npos) return {};
  std::string closed(text);
  closed.erase(
      std::remove_if(closed.begin(), closed.end(), [](char c) { return c == ' ' || c == '\t'; }),
      closed.end());
  return fmt::format("no space stands in a number with its unit: write \"{}\"", closed);
}

// A decimal number: whole + fraction / scale.
struct Decimal {
  std::uint64_t whole = 0;
  std::uint64_t fraction = 0;
  std::uint64_t scale = 1;
};

// Takes the digits at the start of `rest`.
tl::expected<std::string_view, std::string> take_digits(std::string_view& rest) {
  std::size_t length = 0;
  while (length < rest.size() && is_digit(rest[length])) ++length;
  if (length > kMaxDigits) {
    return tl::unexpected(fmt::format("a number has at most {} digits", kMaxDigits));
  }
  const std::string_view digits = rest.substr(0, length);
  rest.remove_prefix(length);
  return digits;
}

tl::expected<Decimal, std::string> take_decimal(std::string_view& rest, std::string_view example) {
  if (!rest.empty() && rest.front() == '-') {
    return tl::unexpected(std::string("a negative number makes no sense here"));
  }
  Decimal decimal;
  const auto whole = take_digits(rest);
  if (!whole) return tl::unexpected(whole.error());
  if (whole->empty())
    return tl::unexpected(fmt::format("expected a number, as in \"{}\"", example));
  for (const char c : *whole)
    decimal.whole = decimal.whole * 10 + static_cast<std::uint64_t>(c - '0');
  if (rest.empty() || rest.front() != '.') return decimal;
  rest.remove_prefix(1);
  auto fraction = take_digits(rest);
  if (!fraction) return tl::unexpected(fraction.error());
  if (fraction->empty()) {
    return tl::unexpected(fmt::format("a digit follows the point, as in \"{}\"", example));
  }
  while (!fraction->empty() && fraction->back() == '0') fraction->remove_suffix(1);
  for (const char c : *fraction) {
    decimal.fraction = decimal.fraction * 10 + static_cast<std::uint64_t>(c - '0');
    decimal.scale *= 10;
  }
  return decimal;
}

std::string_view take_word(std::string_view& rest) {
  std::size_t length = 0;
  while (length < rest.size() && is_letter(rest[length])) ++length;
  const std::string_view word = rest.substr(0, length);
  rest.remove_prefix(length);
  return word;
}

// decimal * factor as an integer; `limit` below 2^63.
tl::expected<std::uint64_t, std::string> multiply(const Decimal& decimal, std::uint64_t factor,
                                                  std::uint64_t limit, std::string_view finest,
                                                  std::string_view limit_text) {
  const Uint128 fraction = static_cast<Uint128>(decimal.fraction) * factor;
  if (fraction % decimal.scale != 0) return tl::unexpected(fmt::format("finer than {}", finest));
  const Uint128 total = static_cast<Uint128>(decimal.whole) * factor + fraction / decimal.scale;
  if (total > limit) return tl::unexpected(fmt::format("more than {}", limit_text));
  return static_cast<std::uint64_t>(total);
}

template <std::size_t N>
const Unit* find_unit(const std::array<Unit, N>& units, std::string_view name) {
  for (const Unit& unit : units) {
    if (unit.name == name) return &unit;
  }
  return nullptr;
}

}  // namespace

tl::expected<Duration, std::string> parse_duration(std::string_view text) {
  constexpr auto kLimit = static_cast<std::uint64_t>(kDurationLimit.count());
  if (std::string wrong = spaces_in(text); !wrong.empty()) return tl::unexpected(std::move(wrong));
  std::string_view rest = text;
  std::uint64_t total = 0;
  do {
    const auto decimal = take_decimal(rest, "1.5s");
    if (!decimal) return tl::unexpected(decimal.error());
    const std::string_view word = take_word(rest);
    if (word.empty() && rest.empty()) {
      return tl::unexpected(fmt::format(
          "a duration needs a unit: write \"{0}s\" or \"{0}ms\" (ns, us, ms, s, min, h, d)", text));
    }
    const Unit* unit = find_unit(kTimeUnits, word);
    if (unit == nullptr) {
      return tl::unexpected(fmt::format(
          "`{}` is no unit of time: write ns, us, ms, s, min, h or d, as in \"5min30s\"",
          word.empty() ? rest.substr(0, 1) : word));
    }
    const auto part = multiply(*decimal, unit->factor, kLimit, "a nanosecond", "ten years");
    if (!part) return tl::unexpected(part.error());
    total += *part;
    if (total > kLimit) return tl::unexpected(std::string("more than ten years"));
  } while (!rest.empty());
  return Duration{static_cast<std::int64_t>(total)};
}

tl::expected<std::uint32_t, std::string> parse_share(std::string_view text) {
  if (std::string wrong = spaces_in(text); !wrong.empty()) return tl::unexpected(std::move(wrong));
  std::string_view rest = text;
  const auto decimal = take_decimal(rest, "0.5%");
  if (!decimal) return tl::unexpected(decimal.error());
  if (rest != "%") {
    return tl::unexpected(rest.empty() ? fmt::format("a share needs its unit: write \"{}%\"", text)
                                       : std::string("expected a percentage, as in \"0.5%\""));
  }
  const auto ppm =
      multiply(*decimal, kWholePpm / 100, kWholePpm, "one part per million (0.0001%)", "100%");
  if (!ppm) return tl::unexpected(ppm.error());
  return static_cast<std::uint32_t>(*ppm);
}

tl::expected<std::uint64_t, std::string> parse_size(std::string_view text) {
  if (std::string wrong = spaces_in(text); !wrong.empty()) return tl::unexpected(std::move(wrong));
  std::string_view rest = text;
  const auto decimal = take_decimal(rest, "64KiB");
  if (!decimal) return tl::unexpected(decimal.error());
  const Unit* unit = find_unit(kSizeUnits, rest);
  if (unit == nullptr) {
    return tl::unexpected(
        std::string("a size needs a unit: B, KiB, MiB, GiB, kB, MB or GB, as in \"64KiB\""));
  }
  return multiply(*decimal, unit->factor, kSizeLimit, "a byte", "1 PiB");
}

std::string format_duration(Duration duration) {
  const auto ns = static_cast<std::uint64_t>(duration.count());
  if (ns == 0) return "0s";
  for (const Unit& unit : kTimeUnits) {
    if (ns % unit.factor == 0) return fmt::format("{}{}", ns / unit.factor, unit.name);
  }
  return fmt::format("{}ns", ns);
}

std::string format_size(std::uint64_t bytes) {
  for (const auto& [name, shift] :
       {std::pair("GiB", 30), std::pair("MiB", 20), std::pair("KiB", 10)}) {
    const std::uint64_t rest = bytes & ((std::uint64_t{1} << shift) - 1);
    if (bytes != 0 && rest == 0) return fmt::format("{}{}", bytes >> shift, name);
  }
  return fmt::format("{}B", bytes);
}

std::string describe_duration(Duration duration) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  if (duration.count() < 0) return "-" + describe_duration(-duration);
  if (duration.count() < kSecond) {
    for (const auto& [unit, ns] : {std::pair("ms", 1e6), std::pair("us", 1e3)}) {
      if (static_cast<double>(duration.count()) >= ns) {
        return fmt::format("{}{}", static_cast<double>(duration.count()) / ns, unit);
      }
    }
    return duration.count() == 0 ? "0s" : fmt::format("{}ns", duration.count());
  }
  std::string text;
  std::int64_t rest = duration.count();
  for (const auto& [unit, seconds] :
       {std::pair("d", 86'400), std::pair("h", 3'600), std::pair("min", 60)}) {
    const std::int64_t whole = rest / (seconds * kSecond);
    rest %= seconds * kSecond;
    if (whole > 0) text += fmt::format("{}{}{}", text.empty() ? "" : " ", whole, unit);
  }
  const std::int64_t milliseconds = rest / 1'000'000;
  const double left = static_cast<double>(milliseconds) / 1e3;
  if (left > 0) text += fmt::format("{}{}s", text.empty() ? "" : " ", left);
  return text;
}

tl::expected<std::uint64_t, std::string> parse_count(std::string_view text, std::uint64_t limit) {
  std::string_view rest = text;
  const auto digits = take_digits(rest);
  if (!digits) return tl::unexpected(digits.error());
  if (digits->empty() || !rest.empty()) {
    return tl::unexpected(fmt::format("expected a whole number, found `{}`", text));
  }
  std::uint64_t value = 0;
  for (const char c : *digits) value = value * 10 + static_cast<std::uint64_t>(c - '0');
  if (value > limit) return tl::unexpected(fmt::format("{} is more than {}", value, limit));
  return value;
}

tl::expected<std::int64_t, std::string> parse_scaled(std::string_view text, std::int64_t scale) {
  constexpr std::uint64_t kLimit = 1'000'000'000;
  std::string_view rest = text;
  const auto decimal = take_decimal(rest, "0.6");
  if (!decimal) return tl::unexpected(decimal.error());
  if (!rest.empty())
    return tl::unexpected(fmt::format("expected a plain number, found `{}`", text));
  if (decimal->whole >= kLimit || decimal->scale > kLimit) {
    return tl::unexpected(fmt::format("`{}` has too many digits", text));
  }
  const auto factor = static_cast<std::uint64_t>(scale);
  const Uint128 fraction = static_cast<Uint128>(decimal->fraction) * factor + decimal->scale / 2;
  const Uint128 total = static_cast<Uint128>(decimal->whole) * factor + fraction / decimal->scale;
  return static_cast<std::int64_t>(total);
}

}  // namespace macula
