// Collects everything that is wrong with one scenario file, and what is odd about it.
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
  void at(const DocumentValue& value, std::string message);
  // Cites the key, likewise.
  void at(const DocumentMember& member, std::string message);
  // `origin` is that of a value: "--set protocol.k".
  void at_override(const std::string& origin, std::string message);
  // A problem that is no more than a warning.
  void warn(const DocumentValue& value, std::string message);
  void warn(const DocumentMember& member, std::string message);
  void add(Diagnostic diagnostic);

  [[nodiscard]] bool empty() const { return found_.empty(); }
  // Nothing more will be shown: checks whose only product is a better message may be left out.
  [[nodiscard]] bool full() const { return found_.size() >= kProblemsMax; }
  // Sorted by place: of --set first, then of the file, then of other files.
  [[nodiscard]] Diagnostics take();
  [[nodiscard]] Diagnostics take_warnings();

 private:
  [[nodiscard]] Diagnostic made_at(const Place& place, std::string message) const;
  [[nodiscard]] Diagnostic made_at(const DocumentValue& value, std::string message) const;
  [[nodiscard]] Diagnostic made_at(const DocumentMember& member, std::string message) const;
  [[nodiscard]] Diagnostic made_at_override(const std::string& origin, std::string message) const;
  void add_warning(Diagnostic diagnostic);
  void sort(Diagnostics& diagnostics) const;

  std::string file_;
  std::shared_ptr<const std::vector<std::string>> lines_;
  Diagnostics found_;
  Diagnostics warnings_;
  bool more_ = false;
};

}  // namespace macula::sim
