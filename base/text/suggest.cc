#include "base/text/suggest.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace macula {
namespace {

constexpr std::size_t kLongestWord = 64;  // longer words get no suggestion: quadratic work
constexpr std::size_t kMostListed = 40;

// Optimal string alignment distance.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({replaced, last[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
    std::swap(before_last, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

}  // namespace

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  if (word.size() > kLongestWord) return {};
  std::size_t best = std::max<std::size_t>(1, word.size() / 3) + 1;
  std::string found;
  for (std::size_t i = 0; i < std::min(candidates.size(), kCandidatesMax); ++i) {
    if (candidates[i].size() > kLongestWord) continue;
    const std::size_t distance = edit_distance(word, candidates[i]);
    // A one-letter word is near only to what it begins or ends.
    if (distance < best && distance < std::max(word.size(), candidates[i].size())) {
      best = distance;
      found = candidates[i];
    }
  }
  return found;
}

std::string suggestion(std::string_view word, std::string_view known_as,
                       const std::vector<std::string>& candidates) {
  const std::string near = nearest(word, candidates);
  if (!near.empty()) return fmt::format(", did you mean `{}`?", near);
  if (candidates.empty()) return {};
  std::string list;
  for (std::size_t i = 0; i < std::min(candidates.size(), kMostListed); ++i) {
    const bool spaced = candidates[i].find(' ') != std::string::npos;
    list += (i == 0 ? "" : ", ") + (spaced ? '`' + candidates[i] + '`' : candidates[i]);
  }
  if (candidates.size() > kMostListed) list += ", ..";
  return fmt::format("; {} {}", known_as, list);
}

}  // namespace macula
