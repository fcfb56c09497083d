// A line of a trace (docs/traces.md), field by field, without copying: an object of texts and whole
// numbers, as sim/run/json_line.h writes it, that begins with `t` and `kind`.
//
//   TraceLine line;
//   line.read(R"({"t":1500000,"kind":"sent","from":"eu#0"})");
//   line.t();             // 1500000
//   line.text("from");    // "eu#0", in the escapes of JSON
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace macula::sim {

class TraceLine {
 public:
  // The text outlives what is asked of it.
  void read(std::string_view line);

  [[nodiscard]] std::int64_t t() const { return t_; }
  [[nodiscard]] std::string_view kind() const { return kind_; }
  // As it stands between its quotes; empty: there is no such field.
  [[nodiscard]] std::string_view text(std::string_view name) const;
  // All but `t` and `kind`: their values as they stand there, quotes included.
  [[nodiscard]] const std::vector<std::pair<std::string_view, std::string_view>>& fields() const {
    return fields_;
  }

 private:
  std::int64_t t_ = 0;
  std::string_view kind_;
  std::vector<std::pair<std::string_view, std::string_view>> fields_;
};

}  // namespace macula::sim
