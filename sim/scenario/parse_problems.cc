#include "sim/scenario/parse_problems.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

namespace macula::sim {
namespace {

constexpr std::size_t kSourceLineMax = 4096;

bool is_override(const std::string& origin) {
  return origin.rfind("--set ", 0) == 0;
}

}  // namespace

Problems::Problems(std::string file, std::shared_ptr<const std::vector<std::string>> lines)
    : file_(std::move(file)), lines_(std::move(lines)) {}

void Problems::add(Diagnostic diagnostic) {
  if (full()) {
    more_ = true;
    return;
  }
  found_.push_back(std::move(diagnostic));
}

void Problems::at(const Place& place, std::string message) {
  Diagnostic diagnostic{file_, place, std::move(message), {}};
  const auto index = static_cast<std::size_t>(place.line) - 1;
  if (place.line > 0 && index < lines_->size()) {
    const std::string& line = (*lines_)[index];
    if (line.size() <= kSourceLineMax) diagnostic.source_line = line;
  }
  add(std::move(diagnostic));
}

void Problems::at(const Value& value, std::string message) {
  if (is_override(value.origin)) {
    add({value.origin, {}, std::move(message), {}});
  } else {
    at(value.place, std::move(message));
  }
}

Diagnostics Problems::take() {
  const auto rank = [this](const Diagnostic& diagnostic) {
    const int group = is_override(diagnostic.file) ? 0 : diagnostic.file == file_ ? 1 : 2;
    return std::make_tuple(group, diagnostic.place.line, diagnostic.place.column);
  };
  std::stable_sort(found_.begin(), found_.end(),
                   [&](const Diagnostic& a, const Diagnostic& b) { return rank(a) < rank(b); });
  if (more_) {
    found_.push_back(
        {file_, {}, fmt::format("more is wrong than these {} errors say", kProblemsMax), {}});
  }
  return std::move(found_);
}

}  // namespace macula::sim
