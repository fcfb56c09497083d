#include "sim/study/quantity.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/text/units.h"

namespace macula::sim {
namespace {

struct DisplayUnit {
  std::string_view name;
  double scale;
};

// In milliseconds.
constexpr std::array<DisplayUnit, 7> kTimes{{{"d", 86'400'000},
                                             {"h", 3'600'000},
                                             {"min", 60'000},
                                             {"s", 1000},
                                             {"ms", 1},
                                             {"us", 1e-3},
                                             {"ns", 1e-6}}};
constexpr std::array<DisplayUnit, 4> kRates{
    {{"GiB/s", 0x1p30}, {"MiB/s", 0x1p20}, {"KiB/s", 0x1p10}, {"B/s", 1}}};
constexpr std::array<DisplayUnit, 4> kDecimalRates{
    {{"GB/s", 1e9}, {"MB/s", 1e6}, {"kB/s", 1e3}, {"B/s", 1}}};
constexpr double kDay = 86'400'000;    // milliseconds
constexpr double kManyBytes = 10'000;  // a second: more are written in a larger unit
// In units of the bound: beyond these a measure is written in a unit of its own.
constexpr double kFew = 0.1;
constexpr double kMany = 1000;

// Without the error of a scale that binary fractions cannot hold: 0.585 is 58.5 %.
double rounded(double value) {
  constexpr int kDigits = 15;
  return std::stod(fmt::format("{:.{}g}", value, kDigits));
}

bool is_short(double value) {
  return std::abs(rounded(value * 1000) - std::round(value * 1000)) < 1e-9;
}

// The largest in which the value is at least one; days, hours and minutes only where whole.
template <std::size_t N>
DisplayUnit unit_for(const std::array<DisplayUnit, N>& units, double value, bool exact,
                     double short_up_to = 1000) {
  for (const DisplayUnit& unit : units) {
    const double count = std::abs(value) / unit.scale;
    const bool whole = rounded(count) == std::round(rounded(count));
    if (count >= 1 && (whole || !exact || (unit.scale <= short_up_to && is_short(count))))
      return unit;
  }
  return units[value == 0 ? std::min<std::size_t>(3, N - 1) : N - 1];
}

DisplayUnit unit_of(double value, std::string_view unit, bool exact) {
  if (unit == "rate") return {"%", 0.01};
  if (unit == "ms") return unit_for(kTimes, value, exact);
  if (unit != "bytes/s") return {"", 1};
  const DisplayUnit binary = unit_for(kRates, value, exact);
  const bool decimal = exact && binary.scale == 1 && std::abs(value) >= kManyBytes;
  return decimal ? unit_for(kDecimalRates, value, exact, kDecimalRates.front().scale) : binary;
}

// Decimals are cut where they are zeros.
std::string digits(double value, int significant) {
  const double size = std::abs(value);
  const int before = size < 1 ? (size > 0 ? static_cast<int>(std::floor(std::log10(size))) + 1 : 1)
                              : static_cast<int>(std::floor(std::log10(size))) + 1;
  std::string text = fmt::format("{:.{}f}", value, std::clamp(significant - before, 0, 17));
  if (text.find('.') == std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  if (text == "-0") text.erase(0, 1);
  return text;
}

constexpr int kShort = 3;
constexpr int kAll = 17;

}  // namespace

Quantity::Quantity(double value, std::string_view unit) : metric_unit_(unit) {
  const DisplayUnit shown = unit_of(value, unit, true);
  scale_ = shown.scale;
  unit_ = shown.name;
  value_ = rounded(value / scale_);
}

std::string Quantity::with_unit(const std::string& number) const {
  return fmt::format("{}{}{}", number, unit_ == "%" ? " " : "", unit_);
}

std::string Quantity::text() const {
  // Days and hours: no one unit says it.
  const double ms = value_ * scale_;
  if (metric_unit_ == "ms" && ms > kDay && unit_ != "d") {
    return describe_duration(Duration{static_cast<Duration::rep>(std::llround(ms * 1e6))});
  }
  return with_unit(fmt::format("{}", value_));
}

std::string Quantity::measured(double value, int significant) const {
  const double in_unit = rounded(value / scale_);
  if (!std::isfinite(in_unit)) return with_unit(fmt::format("{}", in_unit));
  const bool has_units = metric_unit_ == "ms" || metric_unit_ == "bytes/s";
  const double size = std::abs(in_unit);
  if (has_units && in_unit != 0 && (size < kFew || size >= kMany)) {
    return short_text(value, metric_unit_);
  }
  const std::string bound = digits(value_, kAll);
  for (; significant < kAll; ++significant) {
    const std::string text = digits(in_unit, significant);
    if (text != bound || in_unit == value_) return with_unit(text);
  }
  return with_unit(fmt::format("{}", in_unit));
}

std::string Quantity::difference(double value) const {
  const std::string text = digits(rounded(value / scale_), kShort);
  const std::string sign = text.front() == '-' ? "" : "+";
  return unit_ == "%" ? sign + text + " percentage points" : with_unit(sign + text);
}

std::string short_text(double value, std::string_view unit) {
  const DisplayUnit shown = unit_of(value, unit, false);
  return fmt::format("{}{}{}", digits(rounded(value / shown.scale), kShort),
                     shown.name == "%" ? " " : "", shown.name);
}

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, 1, ' ');
  return text;
}

std::string counted(std::uint64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", grouped(count), noun, count == 1 ? "" : "s");
}

}  // namespace macula::sim
