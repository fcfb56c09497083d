#include "sim/study/close_up.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "sim/run/run.h"
#include "sim/run/timeline_recorder.h"
#include "sim/scenario/error_codes.h"
#include "sim/study/line_sink.h"
#include "sim/study/lookup_choice.h"
#include "sim/study/story_collector.h"
#include "sim/study/text.h"

namespace macula::sim {
namespace {

using Json = nlohmann::json;

// A part of the looks that a single story takes, so that all of them together take no longer than
// one that is asked for by itself.
constexpr std::uint64_t kQuestions = StoryCollector::kMostQuestions / (8 * LookupChoice::kMost);

// The survey of the first of the two runs.
struct Survey {
  LookupChoice choice;
  NodeCounts counts{};
  std::map<std::string, std::uint64_t> failed{};  // operations, by node

  void take(std::string_view text) {
    const Json line = Json::parse(text);
    choice.take(line);
    if (line.at("kind") != "ended") return;
    const std::string outcome = line.at("outcome");
    if (outcome != "ok" && outcome != kUnfinished) ++failed[line.at("from")];
  }
};

void look_at_instants(const Scenario& scenario, World& world, const Survey& survey,
                      CloseUp& close_up) {
  for (const Time at : instants_of(scenario)) {
    world.network().look_at(at, [&world, &close_up] {
      if (auto snapshot = id_snapshot(world)) close_up.snapshots.push_back(std::move(*snapshot));
    });
  }
  world.network().look_at(kTimeZero + scenario.duration, [&] {
    close_up.figures = node_figures(world, survey.counts, survey.failed);
  });
}

// Tells each line to those stories that it may belong to.
class Stories {
 public:
  Stories(const Kit& kit, const std::vector<ChosenLookup>& chosen) {
    for (const ChosenLookup& each : chosen) {
      collectors_.push_back(std::make_unique<StoryCollector>(kit, each.operation, kQuestions));
    }
  }

  [[nodiscard]] TraceFilter filter() const {
    TraceFilter filter = collectors_.front()->filter();
    filter.operations.clear();
    for (const auto& each : collectors_) filter.operations.push_back(each->operation());
    return filter;
  }
  void take(std::string_view text) {
    const Json line = Json::parse(text);
    const std::string kind = line.at("kind");
    const bool of_all = kind == "begun" || kind == "ended" || kind == "crash" || kind == "restart";
    const std::string of = line.value("operation", line.value("after", ""));
    for (const auto& each : collectors_) {
      if (of_all || each->operation() == of) each->take(line);
    }
  }
  void watch(World& world) {
    for (const auto& each : collectors_) each->watch(world);
  }
  [[nodiscard]] bool done() const {
    return std::all_of(collectors_.begin(), collectors_.end(),
                       [](const auto& each) { return each->done(); });
  }
  [[nodiscard]] Story story(std::size_t i) const { return collectors_[i]->story(); }

 private:
  std::vector<std::unique_ptr<StoryCollector>> collectors_;
};

}  // namespace

std::vector<Time> instants_of(const Scenario& scenario) {
  Timeline timeline;
  add_happenings(scenario, TimelineRecorder::kHappeningsMax, timeline);
  std::vector<Time> instants;
  for (const Happening& each : timeline.happenings) {
    const Time before = time_from_ns(std::max<std::int64_t>(each.from_ns, 1) - 1);
    if (each.kind != HappeningKind::operation && before > kTimeZero) instants.push_back(before);
  }
  if (instants.empty()) instants.push_back(kTimeZero + scenario.duration / 2);
  std::sort(instants.begin(), instants.end());
  instants.erase(std::unique(instants.begin(), instants.end()), instants.end());
  if (instants.size() > CloseUp::kInstants) instants.resize(CloseUp::kInstants);
  const Time end = kTimeZero + scenario.duration;
  if (instants.back() < end) instants.push_back(end);
  return instants;
}

tl::expected<CloseUp, std::string> take_close_up(const Kit& kit, const Scenario& scenario,
                                                 const RunResult& before,
                                                 const std::function<bool()>& stop) {
  using Error = tl::unexpected<std::string>;
  CloseUp close_up;
  Survey survey{LookupChoice(kit, before.seed)};
  {
    LineSink sink([&](std::string_view line) { survey.take(line); });
    RunOptions options;
    options.trace = &sink.stream();
    options.trace_only.kinds = {"begun", "ended"};
    options.invariants = false;
    options.counts = &survey.counts;
    const EventLog* log = nullptr;
    options.witness = [&](World& world) {
      log = &world.network().log();
      look_at_instants(scenario, world, survey, close_up);
    };
    // One that goes another way may go on for longer than anybody wants to wait.
    options.stop = [&] { return log->events() > before.events || stop(); };
    const RunResult again = run_scenario(scenario, before.seed, options);
    if (stop()) return Error("interrupted");
    if (again.digest != before.digest) {
      return Error(fmt::format("this program runs it another way: its digest is {}, and was {}",
                               digest_text(again.digest), digest_text(before.digest)));
    }
  }
  close_up.lookups_ended = survey.choice.ended();
  close_up.lookups_failed = survey.choice.failed();
  const std::vector<ChosenLookup> chosen = survey.choice.chosen();
  if (chosen.empty()) return close_up;
  Stories stories(kit, chosen);
  LineSink sink([&](std::string_view line) { stories.take(line); });
  RunOptions options;
  options.trace = &sink.stream();
  options.trace_only = stories.filter();
  options.invariants = false;
  options.witness = [&](World& world) { stories.watch(world); };
  options.stop = [&] { return stories.done() || stop(); };
  const RunResult again = run_scenario(scenario, before.seed, options);
  if (!stories.done()) return Error(again.crash.empty() ? "interrupted" : again.crash);
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    close_up.lookups.push_back({chosen[i].chosen_as, chosen[i].nth, stories.story(i)});
  }
  return close_up;
}

}  // namespace macula::sim
