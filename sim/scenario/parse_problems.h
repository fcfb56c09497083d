// Collects everything that is wrong with one scenario file.
//
//   Problems problems(file, lines);
//   problems.at(value, "more than ten years");
//   if (!problems.empty()) return tl::unexpected(problems.take());
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/text/diagnostic.h"
#include "base/text/document.h"

namespace macula::sim {

inline constexpr std::size_t kProblemsMax = 100;  // more are not shown

class Problems {
 public:
  Problems(std::string file, std::shared_ptr<const std::vector<std::string>> lines);

  void at(const Place& place, std::string message);
  // Cites the place in the file, or the --set that gave the value.
  void at(const Value& value, std::string message);
  void add(Diagnostic diagnostic);

  [[nodiscard]] bool empty() const { return found_.empty(); }
  // Nothing more will be shown: checks whose only product is a better message may be left out.
  [[nodiscard]] bool full() const { return found_.size() >= kProblemsMax; }
  // Sorted by place: of --set first, then of the file, then of other files.
  [[nodiscard]] Diagnostics take();

 private:
  std::string file_;
  std::shared_ptr<const std::vector<std::string>> lines_;
  Diagnostics found_;
  bool more_ = false;
};

}  // namespace macula::sim
