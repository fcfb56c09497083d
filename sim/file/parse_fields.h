// Reads the typed keys of one table. A key that stands there and is wrong is reported; a key that
// does not stand there leaves its result as it was (defaults are filled in, and missing keys
// reported, before: keys.h).
//
//   Fields fields(table, problems);
//   fields.text("name", scenario.name, kNameBytesMax);
//   fields.choice("wire", kWireModes, scenario.wire);
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text/document.h"
#include "base/time.h"
#include "sim/engine/distribution.h"
#include "sim/file/parse_problems.h"
#include "sim/scenario/selector.h"

namespace macula::sim {

inline constexpr std::size_t kNameBytesMax = 128;
inline constexpr std::size_t kTextBytesMax = 64 << 10;

class Fields {
 public:
  Fields(const DocumentValue& table, Problems& problems) : table_(table), problems_(problems) {}

  // Each returns whether the key stands there and was right.
  bool text(std::string_view key, std::string& out, std::size_t bytes_max = kTextBytesMax);
  // Without control characters: it is printed.
  bool line(std::string_view key, std::string& out, std::size_t bytes_max);
  bool boolean(std::string_view key, bool& out);
  bool integer(std::string_view key, std::int64_t low, std::int64_t high, std::int64_t& out);
  bool duration(std::string_view key, Duration& out);
  bool share(std::string_view key, std::uint32_t& out_ppm);
  // A size with "/s", from 1 B/s.
  bool speed(std::string_view key, std::uint32_t& out_bytes_per_s);
  bool size(std::string_view key, std::uint64_t& out_bytes);
  bool distribution(std::string_view key, Distribution& out);
  // A distribution of times that may be longer than any delay.
  bool long_distribution(std::string_view key, Distribution& out);
  // A duration, or a distribution of durations.
  bool pause(std::string_view key, std::optional<Distribution>& out);
  bool selector(std::string_view key, Selector& out);
  bool name_list(std::string_view key, std::vector<std::string>& out);
  // Whole numbers from 0 to `high`: ascending, each once, however they are written.
  bool number_list(std::string_view key, std::uint32_t high, std::vector<std::uint32_t>& out);

  // Which of the words.
  bool word(std::string_view key, const std::vector<std::string_view>& words, std::size_t& index);
  // One of the words, which stand in the order of the enumerators.
  template <typename Enum, std::size_t N>
  bool choice(std::string_view key, const std::array<std::string_view, N>& words, Enum& out) {
    std::size_t index = 0;
    if (!word(key, {words.begin(), words.end()}, index)) return false;
    out = static_cast<Enum>(index);
    return true;
  }

  bool integer(std::string_view key, std::uint32_t low, std::uint32_t high, std::uint32_t& out) {
    std::int64_t value = 0;
    if (!integer(key, std::int64_t{low}, std::int64_t{high}, value)) return false;
    out = static_cast<std::uint32_t>(value);
    return true;
  }

  bool duration(std::string_view key, std::optional<Duration>& out) {
    Duration value{0};
    if (!duration(key, value)) return false;
    out = value;
    return true;
  }

  // The sub-table under the key; reported where it is something else.
  [[nodiscard]] const DocumentValue* table(std::string_view key) const;

  [[nodiscard]] const DocumentValue& value() const { return table_; }
  [[nodiscard]] Problems& problems() const { return problems_; }

 private:
  bool distribution(std::string_view key, std::optional<Duration> limit, Distribution& out);
  // The value of the key where it is of this kind; reported where it is of another.
  [[nodiscard]] const DocumentValue* get(std::string_view key, DocumentValue::Kind kind,
                                         std::string_view expected) const;

  const DocumentValue& table_;
  Problems& problems_;
};

// Whether a control character stands in it: it would not be printed as it is.
[[nodiscard]] bool has_control(std::string_view text);

// "a bare number needs a unit" where that is what is wrong, else what was expected.
[[nodiscard]] std::string wrong_kind(std::string_view key, const DocumentValue& value,
                                     std::string_view expected);

// A text, or a list of texts.
[[nodiscard]] std::optional<Selector> read_selector(const DocumentValue& value,
                                                    std::string_view key, Problems& problems);

}  // namespace macula::sim
