#include "sim/run/step_log.h"

#include <fmt/format.h>

#include <string_view>
#include <variant>

namespace macula::sim {
namespace {

std::string shown(const Selector& selector) {
  if (!selector.text.empty()) return selector.text;
  std::string text;
  for (const Selector& member : selector.members) {
    text += (text.empty() ? "" : " + ") + shown(member);
  }
  return text;
}

std::string shown(const Argument& argument) {
  if (const auto* selector = std::get_if<Selector>(&argument)) return shown(*selector);
  if (const auto* sides = std::get_if<Sides>(&argument)) {
    return shown(sides->a) + "`, `" + shown(sides->b);
  }
  return {};
}

// The target that the step's verb looked for in vain.
std::string sought(const Step& step) {
  std::string text(step.verb->in_vain);
  for (const VerbKey& key : step.verb->keys) {
    const std::string hole = fmt::format("{{{}}}", key.name);
    const std::size_t at = text.find(hole);
    const Argument* argument = step.arguments.find(key.name);
    if (at != std::string::npos && argument != nullptr) {
      text.replace(at, hole.size(), shown(*argument));
    }
  }
  if (const Argument* to = step.arguments.find("to")) {
    text += fmt::format(", or `to` selected nobody (`{}`)", shown(*to));
  }
  return fmt::format("`{}` {}", step.verb->name, text);
}

}  // namespace

StepLog::StepLog(const Scenario& scenario) : scenario_(&scenario), counts_(scenario.steps.size()) {}

void StepLog::occurred(std::size_t step, std::size_t hits) {
  ++counts_[step].occurrences;
  counts_[step].misses += hits == 0 ? 1 : 0;
}

void StepLog::wrong(std::size_t step, const std::string& text) {
  wrong_.try_emplace(step, text);
}

std::vector<Remark> StepLog::errors() const {
  std::vector<Remark> errors;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    const Step& step = scenario_->steps[i];
    const Count& count = counts_[i];
    if (const auto found = wrong_.find(i); found != wrong_.end()) {
      errors.push_back({step.place.line, found->second});
    }
    if (step.may_miss || count.occurrences == 0 || count.misses < count.occurrences) continue;
    const std::string times =
        count.occurrences == 1 ? "" : fmt::format(" {} times", count.occurrences);
    errors.push_back({step.place.line, fmt::format("hit nobody{}: {}; write `may_miss = "
                                                   "true` if it may",
                                                   times, sought(step))});
  }
  return errors;
}

std::vector<Remark> StepLog::notes() const {
  std::vector<Remark> notes;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    const Step& step = scenario_->steps[i];
    const Count& count = counts_[i];
    if (step.may_miss || count.misses == 0 || count.misses == count.occurrences) continue;
    notes.push_back({step.place.line, fmt::format("hit nobody {} of {} times: {}", count.misses,
                                                  count.occurrences, sought(step))});
  }
  return notes;
}

}  // namespace macula::sim
