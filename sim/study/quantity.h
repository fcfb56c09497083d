// Numbers with their units, as people write them.
//
//   const Quantity bound(1000, "ms");
//   bound.text();                       // "1s"
//   bound.measured(6690.4);             // "6.69s": in the unit of the bound, where it is near
//   Quantity(0.95, "rate").text();      // "95 %"
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace macula::sim {

class Quantity {
 public:
  // `unit` is that of a metric: "rate", "ms", "bytes/s", else a plain number.
  Quantity(double value, std::string_view unit);

  // All its digits.
  [[nodiscard]] std::string text() const;
  // Another value, in the same unit unless that would take many digits: so many significant ones,
  // or as many as it takes to differ from this one.
  [[nodiscard]] std::string measured(double value, int significant = 3) const;
  // The same with a sign, for a difference.
  [[nodiscard]] std::string difference(double value) const;

 private:
  [[nodiscard]] std::string with_unit(const std::string& number) const;

  std::string_view metric_unit_;
  double value_;      // in `unit_`
  double scale_ = 1;  // metric's units in one of these
  std::string_view unit_;
};

// By itself, to three digits: "63.5 %", "240ms", "12.3".
[[nodiscard]] std::string short_text(double value, std::string_view unit);

// "1 234 567".
[[nodiscard]] std::string grouped(std::uint64_t number);

// "1 run", "2 runs".
[[nodiscard]] std::string counted(std::uint64_t count, std::string_view noun);

}  // namespace macula::sim
