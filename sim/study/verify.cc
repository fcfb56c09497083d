#include "sim/study/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "sim/study/text.h"

namespace macula::sim {
namespace {

bool same(const Checkpoint& a, const Checkpoint& b) {
  return a.events == b.events && a.virtual_ns == b.virtual_ns && a.digest == b.digest;
}

bool same(const ExpectationResult& a, const ExpectationResult& b) {
  return a.name == b.name && a.line == b.line && a.passed == b.passed && a.expected == b.expected &&
         a.measured == b.measured && a.detail == b.detail;
}

std::string place_of(std::uint64_t events, std::int64_t virtual_ns, std::uint64_t digest) {
  return fmt::format("event {} (t = {}s, digest {})", events, seconds_text(virtual_ns),
                     digest_text(digest));
}

std::string end_or_checkpoint(const RunResult& run, std::size_t i) {
  if (i >= run.checkpoints.size()) {
    return "its end at " + place_of(run.events, run.virtual_ns, run.digest);
  }
  const Checkpoint& point = run.checkpoints[i];
  return place_of(point.events, point.virtual_ns, point.digest);
}

std::string between_checkpoints(const RunResult& a, const RunResult& b) {
  const std::size_t shared = std::min(a.checkpoints.size(), b.checkpoints.size());
  std::size_t i = 0;
  while (i < shared && same(a.checkpoints[i], b.checkpoints[i])) ++i;
  const std::string from = i == 0 ? "the start" : end_or_checkpoint(a, i - 1);
  return fmt::format("the runs part after {}: the first went on to {}, the second to {}", from,
                     end_or_checkpoint(a, i), end_or_checkpoint(b, i));
}

bool same_checkpoints(const RunResult& a, const RunResult& b) {
  return std::equal(a.checkpoints.begin(), a.checkpoints.end(), b.checkpoints.begin(),
                    b.checkpoints.end(),
                    [](const Checkpoint& x, const Checkpoint& y) { return same(x, y); });
}

bool same_remarks(const std::vector<Remark>& a, const std::vector<Remark>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Remark& x, const Remark& y) {
    return x.line == y.line && x.text == y.text;
  });
}

std::optional<std::string> judgement_difference(const RunResult& a, const RunResult& b) {
  if (a.expectations.size() != b.expectations.size() || a.stopped != b.stopped ||
      a.crash != b.crash || a.violations != b.violations) {
    return "the digests are equal, but the verdicts differ";
  }
  for (std::size_t i = 0; i < a.expectations.size(); ++i) {
    if (!same(a.expectations[i], b.expectations[i])) {
      return fmt::format("the digests are equal, but the expectation '{}' differs",
                         a.expectations[i].name);
    }
  }
  for (const auto& [name, summary] : a.metrics) {
    const auto other = b.metrics.find(name);
    if (other == b.metrics.end() || !(summary == other->second)) {
      return fmt::format("the digests are equal, but the metric {} differs", name);
    }
  }
  if (a.metrics.size() != b.metrics.size()) {
    return "the digests are equal, but the second run has metrics that the first lacks";
  }
  if (!same_remarks(a.errors, b.errors) || !same_remarks(a.notes, b.notes) ||
      a.unfinished != b.unfinished) {
    return "the digests are equal, but the errors, the notes or what is unfinished differ";
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> first_difference(const RunResult& a, const RunResult& b) {
  if (a.digest != b.digest || a.events != b.events || a.virtual_ns != b.virtual_ns ||
      !same_checkpoints(a, b)) {
    return between_checkpoints(a, b);
  }
  if (a.messages != b.messages) {
    return fmt::format("the digests are equal, but {} and {} messages were counted", a.messages,
                       b.messages);
  }
  return judgement_difference(a, b);
}

}  // namespace macula::sim
