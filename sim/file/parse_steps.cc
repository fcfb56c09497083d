#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/engine/residual_life.h"
#include "sim/file/keys.h"
#include "sim/file/parse_arguments.h"
#include "sim/file/parse_fields.h"
#include "sim/file/parse_sections.h"
#include "sim/scenario/placeholder.h"

namespace macula::sim {
namespace {

constexpr std::int64_t kRepetitionsMax = 10'000'000;
constexpr std::uint64_t kSeriesMax = 10'000;

class StepReader {
 public:
  StepReader(const Schema& schema, const PopulationNames& names, Problems& problems,
             Scenario& scenario, Labels& labels)
      : schema_(schema), names_(names), problems_(problems), scenario_(scenario), labels_(labels) {}

  void read(const DocumentValue& table) {
    Fields fields(table, problems_);
    Step step;
    step.place = table.place;
    fields.duration("t", step.t);
    check_time(table, "t", step.t);
    read_repetition(fields, step);
    fields.line("label", step.label, kNameBytesMax);
    fields.boolean("may_miss", step.may_miss);
    fields.line("id", step.id, kNameBytesMax);
    step.verb = verb_of(table);
    if (step.verb == nullptr) return;
    if (step.think && !step.verb->operation) {
      problems_.at(*find(table, "think"),
                   fmt::format("`think` is for verbs whose operations end: `{}` starts none",
                               step.verb->name));
    }
    const DocumentValue& value = *find(table, step.verb->name);
    read_label(value, step);
    if (value.kind == DocumentValue::Kind::table) {
      Fields(value, problems_).duration("cancel_after", step.cancel_after);
    }
    if (const std::string wrong = wrong_name_placeholder(step.label, Placeholders::only_n);
        !wrong.empty()) {
      problems_.at(table, fmt::format("`label`: {}", wrong));
    }
    check_series(table, step);
    if (!step.label.empty()) {
      std::uint64_t& times = labels_[step.label];
      times = std::max(times, times_of(step));
    }
    auto arguments = read_arguments(*step.verb, value,
                                    {names_, record_limit(), scenario_.kit->keyed}, problems_);
    if (!arguments) return;
    step.arguments = std::move(*arguments);
    scenario_.steps.push_back(std::move(step));
  }

 private:
  // That of the nodes that take the most. Nothing: there is none.
  [[nodiscard]] std::optional<RecordLimit> record_limit() const {
    const auto limit_of = scenario_.kit->record_limit;
    if (limit_of == nullptr) return std::nullopt;
    RecordLimit most = limit_of(scenario_.protocol);
    for (const auto& [name, protocol] : scenario_.other_profiles) {
      most.bytes = std::max(most.bytes, limit_of(protocol).bytes);
    }
    return most;
  }

  void check_time(const DocumentValue& table, std::string_view key, Duration time) {
    if (scenario_.duration.count() == 0 || time <= scenario_.duration) return;
    problems_.at(*find(table, key), fmt::format("`{}` is after the end of the run", key));
  }

  void read_repetition(Fields& fields, Step& step) {
    const DocumentValue& table = fields.value();
    const bool until_given = fields.duration("until", step.until);
    const bool repeats = fields.pause("every", step.every);
    const bool thinks = fields.pause("think", step.think);
    if (find(table, "every") != nullptr && find(table, "think") != nullptr) {
      problems_.at(*find(table, "think"),
                   "`think` beside `every`: a step repeats by a clock, or when it has ended");
    }
    if (!repeats && !thinks) {
      if (until_given && find(table, "every") == nullptr && find(table, "think") == nullptr) {
        problems_.at(*find(table, "until"), "`until` without `every`: a single step has no end");
      }
      return;
    }
    const Duration mean = repeats ? ResidualLife(*step.every).mean() : Duration{1};
    if (mean.count() == 0) {
      problems_.at(*find(table, "every"), "`every` cannot be 0");
      return;
    }
    if (!until_given) {
      step.until = scenario_.duration;
    } else if (*step.until < step.t) {
      problems_.at(*find(table, "until"), "`until` is before `t`");
    } else {
      check_time(table, "until", *step.until);
    }
    if (*step.until < step.t || !repeats) return;
    const std::int64_t repetitions = (*step.until - step.t) / mean + 1;
    const bool was_within = repetitions_ <= kRepetitionsMax;
    repetitions_ += std::min(repetitions, kRepetitionsMax + 1);
    if (was_within && repetitions_ > kRepetitionsMax) {
      problems_.at(*find(table, "every"),
                   fmt::format("the steps repeat more than {} times in all", kRepetitionsMax));
    }
  }

  // Nothing where the pauses are drawn.
  static std::optional<Duration> period_of(const Step& step) {
    if (!step.every || step.every->kind() != Distribution::Kind::constant) return std::nullopt;
    return Duration{step.every->first()};
  }

  static std::uint64_t times_of(const Step& step) {
    const auto period = period_of(step);
    if (!period || period->count() == 0 || !step.until || *step.until < step.t) return 1;
    return static_cast<std::uint64_t>((*step.until - step.t) / *period) + 1;
  }

  // A label with "{n}" is as many labels as there are repetitions, each with metrics of its own.
  void check_series(const DocumentValue& table, const Step& step) {
    if (step.label.find(kNumberPlaceholder) == std::string::npos) return;
    if (step.think || (step.every && !period_of(step))) {
      problems_.at(table, fmt::format("`label`: `{}` is a label for each repetition, and how many "
                                      "there are is drawn: write one label, or a fixed `every`",
                                      step.label));
    }
    if (times_of(step) <= kSeriesMax) return;
    problems_.at(table,
                 fmt::format("`label`: `{}` would be more than {} labels", step.label, kSeriesMax));
  }

  // The one verb of the step, reported where there is none or a second.
  const Verb* verb_of(const DocumentValue& table) {
    const Verb* found = nullptr;
    std::vector<std::string_view> names;
    for (const Verb& verb : schema_.kit().verbs) {
      names.push_back(verb.name);
      const DocumentMember* member = find_member(table, verb.name);
      if (member == nullptr) continue;
      if (found != nullptr) {
        problems_.at(*member, fmt::format("a step has one verb, and `{}` stands here already: "
                                          "write a second [[at]]",
                                          found->name));
        return nullptr;
      }
      found = &verb;
    }
    if (found != nullptr) return found;
    for (const DocumentMember& member : table.members) {
      if (schema_.find("at", member.key) == nullptr) return nullptr;  // reported: a misspelt verb
    }
    problems_.at(table, fmt::format("a step needs a verb: one of {}", fmt::join(names, ", ")));
    return nullptr;
  }

  // The label may stand beside `t` or in the verb's table.
  void read_label(const DocumentValue& verb, Step& step) {
    if (verb.kind != DocumentValue::Kind::table) return;
    const std::string beside = step.label;
    if (!Fields(verb, problems_).line("label", step.label, kNameBytesMax)) return;
    if (!beside.empty() && beside != step.label) {
      problems_.at(*find(verb, "label"),
                   fmt::format("the step has the label `{}` already", beside));
    }
  }

  const Schema& schema_;
  const PopulationNames& names_;
  Problems& problems_;
  Scenario& scenario_;
  Labels& labels_;
  std::int64_t repetitions_ = 0;
};

}  // namespace

void read_steps(const DocumentValue& root, const Schema& schema, const PopulationNames& names,
                Problems& problems, Scenario& scenario, Labels& labels) {
  const DocumentValue* list = find(root, "at");
  if (list == nullptr || list->kind != DocumentValue::Kind::list) return;
  StepReader reader(schema, names, problems, scenario, labels);
  for (const DocumentValue& item : list->items) {
    if (item.kind == DocumentValue::Kind::table) reader.read(item);
  }
}

}  // namespace macula::sim
