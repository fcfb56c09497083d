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

// What the step's verb looked for in vain.
struct Sought {
  static std::string up(std::string_view verb, const Selector& nodes) {
    return fmt::format("`{}` found no node of `{}` up", verb, shown(nodes));
  }
  static std::string both(std::string_view verb, const Selector& by, const Selector& to) {
    return fmt::format("`{}` found no node of `{}` up, or `to` selected nobody (`{}`)", verb,
                       shown(by), shown(to));
  }

  std::string operator()(const StoreStep& s) const { return up("store", s.by); }
  std::string operator()(const FindStep& s) const { return up("find", s.by); }
  std::string operator()(const AdvertiseStep& s) const { return up("advertise", s.by); }
  std::string operator()(const DiscoverStep& s) const { return up("discover", s.by); }
  std::string operator()(const LookupStep& s) const { return up("lookup", s.by); }
  std::string operator()(const CallStep& s) const {
    return s.to ? both("call", s.by, *s.to) : up("call", s.by);
  }
  std::string operator()(const CastStep& s) const { return both("cast", s.by, s.to); }
  std::string operator()(const PingStep& s) const { return both("ping", s.by, s.to); }
  std::string operator()(const WithdrawStep& s) const {
    return fmt::format("`withdraw` found nothing that a live node of `{}` had published there",
                       shown(s.by));
  }
  std::string operator()(const CrashStep& s) const { return up("crash", s.nodes); }
  std::string operator()(const RestartStep& s) const {
    return fmt::format("`restart` found no node of `{}` down", shown(s.nodes));
  }
  std::string operator()(const PauseStep& s) const {
    return fmt::format("`pause` found no node of `{}` up and not paused", shown(s.nodes));
  }
  std::string operator()(const ResumeStep& s) const {
    return fmt::format("`resume` found no node of `{}` paused", shown(s.nodes));
  }
  std::string operator()(const PartitionStep& s) const {
    return fmt::format(
        "`partition` cut nobody off: a side of `{}`, `{}` was empty, or the two were cut off "
        "already",
        shown(s.a), shown(s.b));
  }
  std::string operator()(const HealStep&) const { return "`heal` found no partition"; }
};

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
                                                   times, std::visit(Sought{}, step.verb))});
  }
  return errors;
}

std::vector<Remark> StepLog::notes() const {
  std::vector<Remark> notes;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    const Step& step = scenario_->steps[i];
    const Count& count = counts_[i];
    if (step.may_miss || count.misses == 0 || count.misses == count.occurrences) continue;
    notes.push_back(
        {step.place.line, fmt::format("hit nobody {} of {} times: {}", count.misses,
                                      count.occurrences, std::visit(Sought{}, step.verb))});
  }
  return notes;
}

}  // namespace macula::sim
