#include "sim/file/parameter.h"

#include <fmt/format.h>

#include "base/text/units.h"

namespace macula::sim {
namespace {

// "12.5%": exact.
std::string format_share(std::uint32_t ppm) {
  std::string text = std::to_string(ppm / 10'000);
  if (ppm % 10'000 != 0) {
    const std::string digits = std::to_string(10'000 + ppm % 10'000).substr(1);
    text += '.' + digits.substr(0, digits.find_last_not_of('0') + 1);
  }
  return text + '%';
}

}  // namespace

std::string listed(const std::vector<std::string_view>& words) {
  return fmt::format("{}", fmt::join(words, ", "));
}

Form<std::uint32_t> integer_form(std::uint32_t most) {
  return {fmt::format("1 to {}", most),
          [=](Fields& fields, std::string_view key, std::uint32_t& number) {
            fields.integer(key, 1U, most, number);
          },
          [](std::uint32_t number) { return integer_value(number); }};
}

Form<bool> boolean_form() {
  return {"boolean",
          [](Fields& fields, std::string_view key, bool& truth) { fields.boolean(key, truth); },
          [](bool truth) { return boolean_value(truth); }};
}

Form<Duration> duration_form() {
  return {"duration",
          [](Fields& fields, std::string_view key, Duration& duration) {
            Duration value{0};
            if (!fields.duration(key, value)) return;
            if (value.count() == 0) {
              fields.problems().at(*find(fields.value(), key),
                                   fmt::format("`{}` cannot be 0", key));
              return;
            }
            duration = value;
          },
          [](Duration duration) { return text_value(format_duration(duration)); }};
}

Form<std::uint64_t> size_form() {
  return {
      "size",
      [](Fields& fields, std::string_view key, std::uint64_t& bytes) { fields.size(key, bytes); },
      [](std::uint64_t bytes) { return text_value(format_size(bytes)); }};
}

Form<std::uint32_t> speed_form() {
  return {
      "size/s",
      [](Fields& fields, std::string_view key, std::uint32_t& speed) { fields.speed(key, speed); },
      [](std::uint32_t speed) { return text_value(format_size(speed) + "/s"); }};
}

Form<std::uint32_t> share_form() {
  return {"share",
          [](Fields& fields, std::string_view key, std::uint32_t& ppm) { fields.share(key, ppm); },
          [](std::uint32_t ppm) { return text_value(format_share(ppm)); }};
}

}  // namespace macula::sim
