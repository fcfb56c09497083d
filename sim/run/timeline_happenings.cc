// The happenings of the scenario over time, in short.
#include <algorithm>
#include <variant>

#include "sim/run/timeline_recorder.h"

namespace macula::sim {
namespace {

constexpr std::size_t kLongest = 120;  // bytes of a text; what is cut off ends with dots

std::string shortened(std::string text) {
  if (text.size() <= kLongest) return text;
  // Not amid a letter of UTF-8.
  std::size_t end = kLongest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
  return text.substr(0, end) + "...";
}

// The part of a key's value that says where it happens; nothing of the rest.
std::string place_of(const Argument& argument) {
  if (const auto* selector = std::get_if<Selector>(&argument)) return selector->text;
  if (const auto* sides = std::get_if<Sides>(&argument)) {
    return sides->a.text + " / " + sides->b.text;
  }
  return {};
}

std::string what_of(const Step& step) {
  std::string what;
  for (const VerbKey& key : step.verb->keys) {
    const Argument* argument = step.arguments.find(key.name);
    const std::string place = argument == nullptr ? std::string() : place_of(*argument);
    if (place.empty()) continue;
    what += (what.empty() ? "" : ", ") + place;
  }
  return shortened(what);
}

Happening of_step(const Step& step, Duration end) {
  const bool repeats = step.every || step.think;
  const Duration until = repeats ? std::min(step.until.value_or(end), end) : step.t;
  return {step.verb->operation ? HappeningKind::operation : HappeningKind::fault,
          std::string(step.verb->name),
          what_of(step),
          shortened(step.label),
          step.t.count(),
          std::max(until, step.t).count()};
}

Happening of_churn(const Churn& churn, Duration end) {
  return {HappeningKind::churn,
          churn.name,
          shortened(churn.applies_to.text),
          "",
          churn.from.count(),
          std::max(churn.from, std::min(churn.until, end)).count()};
}

// An expectation judged at the end looks at nodes there, and else at all of the run.
ExpectationWindow window_of(const Expectation& expectation, Duration end) {
  if (expectation.when == When::finally) {
    const bool state = expectation.metric.info->kind == MetricKind::state;
    return {state ? end.count() : 0, end.count()};
  }
  return {std::min(expectation.from, end).count(), std::min(expectation.to, end).count()};
}

}  // namespace

void add_happenings(const Scenario& scenario, std::size_t limit, Timeline& timeline) {
  std::vector<Happening> all;
  for (const Churn& churn : scenario.churn) all.push_back(of_churn(churn, scenario.duration));
  for (const Step& step : scenario.steps) all.push_back(of_step(step, scenario.duration));
  // Faults go before operations where there is no room for all.
  if (all.size() > limit) {
    std::stable_partition(all.begin(), all.end(), [](const Happening& each) {
      return each.kind != HappeningKind::operation;
    });
    timeline.happenings_left_out = all.size() - limit;
    all.resize(limit);
  }
  timeline.happenings = std::move(all);
  for (const Expectation& expectation : scenario.expectations) {
    timeline.windows.push_back(window_of(expectation, scenario.duration));
  }
}

}  // namespace macula::sim
