#include "sim/study/why.h"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "sim/run/run.h"
#include "sim/scenario/error_codes.h"
#include "sim/study/line_sink.h"
#include "sim/study/story_collector.h"

namespace macula::sim {
namespace {

using Error = tl::unexpected<std::string>;

// Looks for the operation among those that begin and end.
class Search {
 public:
  Search(const Kit& kit, const WhyQuestion& question) : kit_(kit), question_(question) {}

  void take(std::string_view text) {
    if (found_) return;
    const auto line = nlohmann::json::parse(text);
    const std::string kind = line.at("kind");
    if (kind == "begun") {
      ++begun_;
      if (question_.failed || begun_ == question_.nth) {
        under_way_[line.at("operation")] = read_begun(kit_, line);
      }
    } else if (kind == "ended") {
      const auto known = under_way_.find(line.at("operation"));
      if (known == under_way_.end()) return;
      StoryOperation operation = std::move(known->second);
      under_way_.erase(known);
      read_ended(line, operation);
      const bool failed = operation.outcome != "ok" && operation.outcome != kUnfinished;
      if (question_.failed && (!failed || ++failed_ != question_.nth)) return;
      found_ = std::move(operation);
    }
  }

  [[nodiscard]] const std::optional<StoryOperation>& found() const { return found_; }
  // Why there is none.
  [[nodiscard]] std::string in_vain() const {
    const std::string of =
        fmt::format("operation{} labelled '{}'", begun_ == 1 ? "" : "s", question_.label);
    if (question_.failed) {
      if (failed_ == 0) return fmt::format("none of {} {} failed", begun_, of);
      return fmt::format("{} of {} {} failed: there is no number {}", failed_, begun_, of,
                         question_.nth);
    }
    return fmt::format("there {} {} {}: none has the number {}", begun_ == 1 ? "is" : "are", begun_,
                       of, question_.nth);
  }

 private:
  const Kit& kit_;
  const WhyQuestion& question_;
  std::map<std::string, StoryOperation> under_way_;
  std::optional<StoryOperation> found_;
  std::uint64_t begun_ = 0;
  std::uint64_t failed_ = 0;
};

// The reason why a run broke off, or nothing.
std::string broken(const RunResult& result) {
  const std::string& why = result.crash.empty() ? result.stopped : result.crash;
  return why.empty() ? why : "the run broke off: " + why;
}

}  // namespace

tl::expected<Story, std::string> ask_why(const Kit& kit, const Scenario& scenario,
                                         const WhyQuestion& question) {
  TraceFilter filter;
  filter.labels = {question.label};
  filter.kinds = {"begun", "ended"};
  if (std::string wrong = check_trace_filter(filter, scenario); !wrong.empty()) {
    return Error(std::move(wrong));
  }
  Search search(kit, question);
  {
    LineSink sink([&](std::string_view line) { search.take(line); });
    RunOptions options;
    options.trace = &sink.stream();
    options.trace_only = filter;
    options.stop = [&] { return search.found().has_value(); };
    const RunResult result = run_scenario(scenario, question.seed, options);
    if (!search.found()) {
      const std::string wrong = broken(result);
      return Error(wrong.empty() ? search.in_vain() : wrong);
    }
  }
  StoryCollector collector(kit, *search.found());
  LineSink sink([&](std::string_view line) { collector.take(line); });
  RunOptions options;
  options.trace = &sink.stream();
  options.trace_only = collector.filter();
  options.witness = [&](World& world) { collector.watch(world); };
  options.stop = [&] { return collector.done(); };
  const RunResult result = run_scenario(scenario, question.seed, options);
  if (!collector.done()) return Error(broken(result));
  return collector.story();
}

}  // namespace macula::sim
