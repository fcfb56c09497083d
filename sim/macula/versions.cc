#include "sim/macula/versions.h"

#include <algorithm>

namespace macula::sim {
namespace {

// A version replaced this long before the newest version was written is never asked for again.
constexpr Duration kKept = std::chrono::minutes(10);

// The answers that a find may return of one origin.
struct Answers {
  std::vector<dht::wire::SharedValue> values;
  bool nothing = false;
};

Answers answers_of(const std::vector<Version>& history, const FindTerms& terms) {
  Answers answers;
  const auto known_by_all = [&](const Version& version) {
    return std::min(version.settled, version.at + terms.spread);
  };
  answers.nothing = known_by_all(history.front()) >= terms.began;
  for (std::size_t i = 0; i < history.size(); ++i) {
    const Version& version = history[i];
    if (version.at > terms.ended) break;
    const bool last = i + 1 == history.size();
    Time replaced = kTimeMax;
    if (!last) {
      const Version& next = history[i + 1];
      const Duration memory = version.withdrawn ? Duration{0} : terms.memory;
      if (std::max(next.at, known_by_all(next) + memory) < terms.began) continue;
      replaced = next.at;
    }
    const bool ended = !version.endless && version.end <= std::min(terms.ended, replaced);
    answers.nothing = answers.nothing || version.withdrawn || ended;
    // It ends everywhere at one time, but for that of its messages.
    const bool lived = version.endless || version.end + terms.spread >= terms.began;
    if (!version.withdrawn && lived) answers.values.push_back(version.value);
  }
  return answers;
}

}  // namespace

void Versions::add(const dht::Key& key, const Origin& origin, const Version& version) {
  History& history = keys_[key][origin];
  if (!history.empty()) {
    Version& last = history.back();
    const bool goes_on = last.endless || last.end >= version.at;
    if (!last.withdrawn && !version.withdrawn && goes_on && *last.value == *version.value) {
      last.end = version.end;
      return;
    }
  }
  while (history.size() > 1 && history[1].at + kKept < version.at) history.erase(history.begin());
  history.push_back(version);
}

void Versions::settle(const dht::Key& key, Time now, Duration spread,
                      const std::function<bool(const Version&)>& reached) {
  const auto known = keys_.find(key);
  if (known == keys_.end()) return;
  for (auto& [origin, history] : known->second) {
    Version& last = history.back();
    if (last.settled != kTimeMax) continue;
    if (now >= last.at + spread) {
      last.settled = last.at + spread;
    } else if (reached(last)) {
      last.settled = now;
    }
  }
}

bool Versions::may_return(const dht::Key& key, const std::vector<dht::wire::SharedValue>& values,
                          const FindTerms& terms) const {
  const auto known = keys_.find(key);
  if (known == keys_.end()) return values.empty();
  std::vector<bool> explained(values.size(), false);
  for (const auto& [origin, history] : known->second) {
    const Answers answers = answers_of(history, terms);
    std::size_t given = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const bool one_of_them =
          std::any_of(answers.values.begin(), answers.values.end(),
                      [&](const auto& answer) { return *answer == *values[i]; });
      if (!one_of_them) continue;
      explained[i] = true;
      ++given;
    }
    if (given > 1 || (given == 0 && !answers.nothing)) return false;
  }
  return std::all_of(explained.begin(), explained.end(), [](bool each) { return each; });
}

}  // namespace macula::sim
