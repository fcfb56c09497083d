#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text/suggest.h"
#include "sim/file/keys.h"
#include "sim/file/parse_fields.h"
#include "sim/file/parse_payload.h"
#include "sim/file/parse_sections.h"
#include "sim/file/selector_members.h"
#include "sim/scenario/placeholder.h"

namespace macula::sim {
namespace {

constexpr std::array<std::string_view, 2> kPartitionModes{"both", "one-way"};
constexpr std::array<std::string_view, 2> kRestartStates{"lose", "keep"};
constexpr std::size_t kKeyBytesMax = 1024;
constexpr std::int64_t kRepetitionsMax = 10'000'000;
constexpr std::uint64_t kSeriesMax = 10'000;

// Reads one verb. Where something is wrong it is reported, and the verb made of the rest is not
// used.
class VerbReader {
 public:
  // `record_bytes`: the most that any node takes as one record.
  VerbReader(const PopulationNames& names, std::uint64_t record_bytes, Problems& problems)
      : names_(names), record_bytes_(record_bytes), problems_(problems) {}

  std::optional<Verb> read(std::string_view verb, const Value& value) {
    if (verb == "crash") return Verb(CrashStep{direct(verb, value)});
    if (verb == "pause") return Verb(PauseStep{direct(verb, value)});
    if (verb == "resume") return Verb(ResumeStep{direct(verb, value)});
    if (verb == "restart") return restart(value);
    if (verb == "heal") return heal(value);
    if (value.kind != Value::Kind::table) return std::nullopt;  // reported with the keys
    Fields fields(value, problems_);
    if (verb == "store") return store(fields);
    if (verb == "withdraw") return withdraw(fields);
    if (verb == "find") return find_value(fields);
    if (verb == "advertise") return Verb(AdvertiseStep{by(fields), name(fields, "procedure")});
    if (verb == "discover") return Verb(DiscoverStep{by(fields), name(fields, "procedure")});
    if (verb == "call") return call(fields);
    if (verb == "cast") return cast(fields);
    if (verb == "ping") return ping(fields);
    if (verb == "lookup") return Verb(LookupStep{by(fields), name(fields, "key")});
    return partition(fields);
  }

 private:
  Selector selector(Fields& fields, std::string_view key) {
    Selector selector;
    if (fields.selector(key, selector)) check(selector, *find(fields.value(), key), key);
    return selector;
  }

  Selector by(Fields& fields) { return selector(fields, "by"); }

  Selector direct(std::string_view verb, const Value& value) {
    auto selector = read_selector(value, verb, problems_);
    if (!selector) return {};
    check(*selector, value, verb);
    return std::move(*selector);
  }

  void check(const Selector& selector, const Value& value, std::string_view key) {
    std::string wrong = problems_.full() ? std::string() : check_selector(selector, names_);
    if (wrong.empty()) wrong = wrong_placeholders(selector);
    if (!wrong.empty()) problems_.at(value, fmt::format("`{}`: {}", key, wrong));
  }

  static std::string wrong_placeholders(const Selector& selector) {
    std::string wrong = wrong_name_placeholder(selector.name);
    for (const Selector& member : selector.members) {
      if (wrong.empty()) wrong = wrong_placeholders(member);
    }
    return wrong;
  }

  std::string name(Fields& fields, std::string_view key) {
    std::string text;
    if (fields.text(key, text, kKeyBytesMax) && text.empty()) {
      problems_.at(*find(fields.value(), key), fmt::format("`{}` is empty", key));
    }
    const std::string wrong = wrong_name_placeholder(text);
    if (!wrong.empty())
      problems_.at(*find(fields.value(), key), fmt::format("`{}`: {}", key, wrong));
    return text;
  }

  void check_placeholders(std::string_view text, const Value& table, std::string_view key) {
    const std::string wrong = wrong_placeholder(text);
    if (!wrong.empty()) problems_.at(*find(table, key), fmt::format("`{}`: {}", key, wrong));
  }

  void timeout(Fields& fields, std::optional<Duration>& out) {
    if (fields.duration("timeout", out) && out->count() == 0) {
      problems_.at(*find(fields.value(), "timeout"), "`timeout` cannot be 0");
    }
  }

  Verb store(Fields& fields) {
    StoreStep step{by(fields), name(fields, "key"), {}, false, false};
    step.value = read_stored(fields, "value", record_bytes_);
    check_placeholders(step.value.text, fields.value(), "value");
    fields.boolean("local", step.local);
    fields.boolean("signed", step.sign);
    if (step.local && step.sign) {
      problems_.at(fields.value(), "a store that is `local` is not published, and so not `signed`");
    }
    return step;
  }

  Verb withdraw(Fields& fields) {
    WithdrawStep step{by(fields), {}, {}};
    const bool key = find(fields.value(), "key") != nullptr;
    const bool procedure = find(fields.value(), "procedure") != nullptr;
    if (key == procedure) {
      problems_.at(fields.value(), "`withdraw` takes a `key` or a `procedure`");
      return step;
    }
    if (key) step.key = name(fields, "key");
    if (procedure) step.procedure = name(fields, "procedure");
    return step;
  }

  Verb find_value(Fields& fields) {
    FindStep step{by(fields), name(fields, "key"), true, true};
    fields.boolean("local", step.local);
    fields.boolean("network", step.network);
    if (!step.local && !step.network) {
      problems_.at(fields.value(), "a find with neither `local` nor `network` looks nowhere");
    }
    return step;
  }

  Verb call(Fields& fields) {
    CallStep step;
    step.by = by(fields);
    step.procedure = name(fields, "procedure");
    step.args = read_arguments(fields, "args");
    check_placeholders(step.args.text, fields.value(), "args");
    timeout(fields, step.timeout);
    if (find(fields.value(), "to") != nullptr) step.to = selector(fields, "to");
    fields.boolean("routed", step.routed);
    return step;
  }

  Verb cast(Fields& fields) {
    CastStep step;
    step.by = by(fields);
    step.procedure = name(fields, "procedure");
    step.args = read_arguments(fields, "args");
    check_placeholders(step.args.text, fields.value(), "args");
    step.to = selector(fields, "to");
    return step;
  }

  Verb ping(Fields& fields) {
    PingStep step;
    step.by = by(fields);
    step.to = selector(fields, "to");
    timeout(fields, step.timeout);
    return step;
  }

  Verb restart(const Value& value) {
    RestartStep step;
    if (value.kind != Value::Kind::table) {
      step.nodes = direct("restart", value);
      return step;
    }
    Fields fields(value, problems_);
    step.nodes = selector(fields, "nodes");
    fields.choice("state", kRestartStates, step.keep_state);
    return step;
  }

  Verb partition(Fields& fields) {
    PartitionStep step;
    fields.choice("mode", kPartitionModes, step.one_way);
    const Value* between = find(fields.value(), "between");
    if (between == nullptr) return step;
    if (between->kind != Value::Kind::list || between->items.size() != 2) {
      problems_.at(*between, "`between` takes two sides: write `between = [\"eu\", \"us\"]`");
      return step;
    }
    step.a = direct("between", between->items[0]);
    step.b = direct("between", between->items[1]);
    const std::string both = certain_overlap(step.a, step.b, names_);
    if (!both.empty()) {
      problems_.at(*between, fmt::format("`between`: the sides overlap: `{}` is on both", both));
    }
    return step;
  }

  Verb heal(const Value& value) {
    if (value.kind != Value::Kind::text || value.text != "all") {
      problems_.at(value, "`heal` ends every partition: write `heal = \"all\"`");
    }
    return HealStep{};
  }

  const PopulationNames& names_;
  std::uint64_t record_bytes_;
  Problems& problems_;
};

class StepReader {
 public:
  StepReader(const PopulationNames& names, Problems& problems, Scenario& scenario, Labels& labels)
      : names_(names), problems_(problems), scenario_(scenario), labels_(labels) {}

  void read(const Value& table) {
    Fields fields(table, problems_);
    Step step;
    step.place = table.place;
    fields.duration("t", step.t);
    check_time(table, "t", step.t);
    read_repetition(fields, step);
    fields.line("label", step.label, kNameBytesMax);
    fields.boolean("may_miss", step.may_miss);
    fields.line("id", step.id, kNameBytesMax);
    const auto verb = find_verb(table);
    if (!verb) return;
    const Value& value = *find(table, *verb);
    read_label(value, step);
    if (value.kind == Value::Kind::table) {
      Fields(value, problems_).duration("cancel_after", step.cancel_after);
    }
    if (const std::string wrong = wrong_name_placeholder(step.label); !wrong.empty()) {
      problems_.at(table, fmt::format("`label`: {}", wrong));
    }
    check_series(table, step);
    if (!step.label.empty()) {
      std::uint64_t& times = labels_[step.label];
      times = std::max(times, times_of(step));
    }
    auto read = VerbReader(names_, record_bytes(), problems_).read(*verb, value);
    if (!read) return;
    step.verb = std::move(*read);
    scenario_.steps.push_back(std::move(step));
  }

 private:
  [[nodiscard]] std::uint64_t record_bytes() const {
    std::uint64_t most = scenario_.protocol.record_bytes;
    for (const auto& [name, protocol] : scenario_.other_profiles) {
      most = std::max(most, protocol.record_bytes);
    }
    return most;
  }

  void check_time(const Value& table, std::string_view key, Duration time) {
    if (scenario_.duration.count() == 0 || time <= scenario_.duration) return;
    problems_.at(*find(table, key), fmt::format("`{}` is after the end of the run", key));
  }

  void read_repetition(Fields& fields, Step& step) {
    const Value& table = fields.value();
    const bool until_given = fields.duration("until", step.until);
    if (!fields.duration("every", step.every)) {
      if (until_given && find(table, "every") == nullptr) {
        problems_.at(*find(table, "until"), "`until` without `every`: a single step has no end");
      }
      return;
    }
    if (step.every->count() == 0) {
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
    if (*step.until < step.t) return;
    const std::int64_t repetitions = (*step.until - step.t) / *step.every + 1;
    const bool was_within = repetitions_ <= kRepetitionsMax;
    repetitions_ += std::min(repetitions, kRepetitionsMax + 1);
    if (was_within && repetitions_ > kRepetitionsMax) {
      problems_.at(*find(table, "every"),
                   fmt::format("the steps repeat more than {} times in all", kRepetitionsMax));
    }
  }

  static std::uint64_t times_of(const Step& step) {
    if (!step.every || step.every->count() == 0 || !step.until || *step.until < step.t) return 1;
    return static_cast<std::uint64_t>((*step.until - step.t) / *step.every) + 1;
  }

  // A label with "{n}" is as many labels as there are repetitions, each with metrics of its own.
  void check_series(const Value& table, const Step& step) {
    if (step.label.find(kNumberPlaceholder) == std::string::npos) return;
    if (times_of(step) <= kSeriesMax) return;
    problems_.at(table,
                 fmt::format("`label`: `{}` would be more than {} labels", step.label, kSeriesMax));
  }

  // The one verb of the step, reported where there is none or a second.
  std::optional<std::string_view> find_verb(const Value& table) {
    std::optional<std::string_view> found;
    for (const std::string_view verb : verb_names()) {
      const Member* member = find_member(table, verb);
      if (member == nullptr) continue;
      if (found) {
        problems_.at(*member, fmt::format("a step has one verb, and `{}` stands here already: "
                                          "write a second [[at]]",
                                          *found));
        return std::nullopt;
      }
      found = verb;
    }
    if (found) return found;
    for (const Member& member : table.members) {
      if (find_key("at", member.key) == nullptr) return std::nullopt;  // reported: a misspelt verb
    }
    problems_.at(table,
                 fmt::format("a step needs a verb: one of {}", fmt::join(verb_names(), ", ")));
    return std::nullopt;
  }

  // The label may stand beside `t` or in the verb's table.
  void read_label(const Value& verb, Step& step) {
    if (verb.kind != Value::Kind::table) return;
    const std::string beside = step.label;
    if (!Fields(verb, problems_).line("label", step.label, kNameBytesMax)) return;
    if (!beside.empty() && beside != step.label) {
      problems_.at(*find(verb, "label"),
                   fmt::format("the step has the label `{}` already", beside));
    }
  }

  const PopulationNames& names_;
  Problems& problems_;
  Scenario& scenario_;
  Labels& labels_;
  std::int64_t repetitions_ = 0;
};

}  // namespace

void read_steps(const Value& root, const PopulationNames& names, Problems& problems,
                Scenario& scenario, Labels& labels) {
  const Value* list = find(root, "at");
  if (list == nullptr || list->kind != Value::Kind::list) return;
  StepReader reader(names, problems, scenario, labels);
  for (const Value& item : list->items) {
    if (item.kind == Value::Kind::table) reader.read(item);
  }
}

}  // namespace macula::sim
