#include "sim/file/parse_problems.h"

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

Diagnostic Problems::made_at(const Place& place, std::string message) const {
  Diagnostic diagnostic{file_, place, std::move(message), {}};
  const auto index = static_cast<std::size_t>(place.line) - 1;
  if (place.line > 0 && index < lines_->size()) {
    const std::string& line = (*lines_)[index];
    if (line.size() <= kSourceLineMax) diagnostic.source_line = line;
  }
  return diagnostic;
}

Diagnostic Problems::made_at(const DocumentValue& value, std::string message) const {
  if (is_override(value.origin)) return made_at_override(value.origin, std::move(message));
  return made_at(value.place, std::move(message));
}

Diagnostic Problems::made_at(const DocumentMember& member, std::string message) const {
  if (is_override(member.value.origin)) return made_at(member.value, std::move(message));
  return made_at(member.place, std::move(message));
}

// Over many files an override may suit some of them only, so that the file is named, too.
Diagnostic Problems::made_at_override(const std::string& origin, std::string message) const {
  return {fmt::format("{}: {}", file_, origin), {}, std::move(message), {}};
}

void Problems::at(const Place& place, std::string message) {
  add(made_at(place, std::move(message)));
}

void Problems::at(const DocumentValue& value, std::string message) {
  add(made_at(value, std::move(message)));
}

void Problems::at_override(const std::string& origin, std::string message) {
  add(made_at_override(origin, std::move(message)));
}

void Problems::at(const DocumentMember& member, std::string message) {
  add(made_at(member, std::move(message)));
}

void Problems::warn(const DocumentValue& value, std::string message) {
  add_warning(made_at(value, std::move(message)));
}

void Problems::warn(const DocumentMember& member, std::string message) {
  add_warning(made_at(member, std::move(message)));
}

void Problems::add_warning(Diagnostic diagnostic) {
  if (warnings_.size() >= kProblemsMax) return;
  diagnostic.warning = true;
  warnings_.push_back(std::move(diagnostic));
}

void Problems::sort(Diagnostics& diagnostics) const {
  const std::string of_override = file_ + ": --set ";
  const auto rank = [&](const Diagnostic& diagnostic) {
    const bool override = diagnostic.file.rfind(of_override, 0) == 0;
    const int group = override ? 0 : diagnostic.file == file_ ? 1 : 2;
    return std::make_tuple(group, diagnostic.place.line, diagnostic.place.column);
  };
  std::stable_sort(diagnostics.begin(), diagnostics.end(),
                   [&](const Diagnostic& a, const Diagnostic& b) { return rank(a) < rank(b); });
}

Diagnostics Problems::take() {
  sort(found_);
  if (more_) {
    found_.push_back(
        {file_, {}, fmt::format("more is wrong than these {} errors say", kProblemsMax), {}});
  }
  return std::move(found_);
}

Diagnostics Problems::take_warnings() {
  sort(warnings_);
  return std::move(warnings_);
}

}  // namespace macula::sim
