#include <fmt/format.h>

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/file/files.h"
#include "sim/file/parse_fields.h"
#include "sim/file/parse_sections.h"
#include "sim/file/selector_members.h"
#include "sim/file/trace_csv.h"

namespace macula::sim {
namespace {

// In the order of the enumerators.
constexpr std::array<std::string_view, 3> kRestarts{"keep-identity", "keep-state", "nothing"};
constexpr std::array<std::string_view, 3> kStarts{"alive", "stationary", "fresh"};

class ChurnReader {
 public:
  ChurnReader(const std::string& path, const PopulationNames& names, Problems& problems,
              Scenario& scenario)
      : path_(path), names_(names), problems_(problems), scenario_(scenario) {}

  void read(const DocumentMember& member) {
    Churn churn;
    churn.name = member.key;
    churn.place = member.place;
    if (const std::string wrong = check_new_name(member.key); !wrong.empty()) {
      problems_.at(member, wrong);
    }
    Fields fields(member.value, problems_);
    const bool applies = read_nodes(fields, churn);
    fields.choice("restart", kRestarts, churn.restart);
    fields.choice("start", kStarts, churn.start);
    fields.boolean("may_miss", churn.may_miss);
    read_times(fields, churn);
    if (find(member.value, "trace") == nullptr) {
      read_distributions(fields, churn);
    } else {
      churn.traced = true;
      read_trace(fields, churn, applies);
    }
    scenario_.churn.push_back(std::move(churn));
  }

 private:
  bool read_nodes(Fields& fields, Churn& churn) {
    if (!fields.selector("applies_to", churn.applies_to)) return false;
    const DocumentValue& value = *find(fields.value(), "applies_to");
    if (problems_.full()) return false;
    std::string wrong = check_selector(churn.applies_to, names_);
    if (wrong.empty() && !is_fixed(churn.applies_to)) {
      wrong = "name nodes, groups, or samples of them: who comes and goes is settled at the start";
    }
    if (!wrong.empty()) {
      problems_.at(value, fmt::format("`applies_to`: {}", wrong));
      return false;
    }
    SelectorMembers members = members_of(churn.applies_to, names_);
    for (const auto& [name, others] : taken_) {
      if (!members.meets(others)) continue;
      problems_.at(value, fmt::format("`applies_to`: some of these nodes come and go as "
                                      "[churn.{}] says already",
                                      name));
    }
    taken_.emplace_back(churn.name, std::move(members));
    return true;
  }

  void read_times(Fields& fields, Churn& churn) {
    const DocumentValue& table = fields.value();
    churn.until = scenario_.duration;
    fields.duration("from", churn.from);
    fields.duration("until", churn.until);
    if (scenario_.duration.count() == 0) return;
    if (churn.from > scenario_.duration) {
      problems_.at(*find(table, "from"), "`from` is after the end of the run");
    } else if (churn.until < churn.from) {
      problems_.at(*find(table, "until"), "`until` is before `from`");
    } else if (churn.until > scenario_.duration) {
      problems_.at(*find(table, "until"), "`until` is after the end of the run");
    }
  }

  void read_distributions(Fields& fields, Churn& churn) {
    const DocumentValue& table = fields.value();
    const bool session = fields.long_distribution("session", churn.session);
    if (find(table, "session") == nullptr) {
      problems_.at(table,
                   "`session` is missing: write `session = \"exponential(mean=1h)\"`, or a "
                   "`trace`");
    }
    if (session) check_mean("session", churn.session, churn, table);
    Distribution downtime;
    if (fields.long_distribution("downtime", downtime)) {
      churn.downtime = downtime;
      if (churn.start == ChurnStart::stationary) check_mean("downtime", downtime, churn, table);
    } else if (churn.start == ChurnStart::stationary && find(table, "downtime") == nullptr) {
      problems_.at(*find(table, "start"),
                   "`start` cannot be `stationary` without `downtime`: in the long run all are "
                   "down");
    }
  }

  // A node is met amid a session by the session's length: without a mean there is no telling.
  void check_mean(std::string_view key, const Distribution& life, const Churn& churn,
                  const DocumentValue& table) {
    if (churn.start == ChurnStart::fresh || life.kind() != Distribution::Kind::pareto) return;
    if (life.first() > kFixedOne) return;
    problems_.at(*find(table, key),
                 fmt::format("`{}`: a pareto with a shape up to 1 has no mean: write `start = "
                             "\"fresh\"`",
                             key));
  }

  void read_trace(Fields& fields, Churn& churn, bool applies) {
    const DocumentValue& table = fields.value();
    for (const std::string_view key : {"session", "downtime"}) {
      if (find(table, key) == nullptr) continue;
      problems_.at(*find(table, key), fmt::format("`{}` and `trace` contradict each other", key));
    }
    std::string name;
    if (!fields.text("trace", name, 4096) || !applies) return;
    const DocumentValue& value = *find(table, "trace");
    const std::string file = find_beside(path_, name);
    if (file.empty()) {
      problems_.at(value,
                   fmt::format("no file `{}` beside the scenario or in a folder above it", name));
      return;
    }
    const auto text = read_file(file, kCsvBytesMax);
    if (!text) {
      problems_.at(value, fmt::format("{}: {}", file, text.error()));
      return;
    }
    auto events = parse_trace_csv(*text, file, names_, churn.applies_to);
    if (events) {
      churn.events = std::move(*events);
      return;
    }
    for (Diagnostic& diagnostic : events.error()) problems_.add(std::move(diagnostic));
  }

  const std::string& path_;
  const PopulationNames& names_;
  Problems& problems_;
  Scenario& scenario_;
  std::vector<std::pair<std::string, SelectorMembers>> taken_;
};

}  // namespace

void read_churn(const DocumentValue& root, const std::string& path, const PopulationNames& names,
                Problems& problems, Scenario& scenario) {
  const DocumentValue* classes = find(root, "churn");
  if (classes == nullptr || classes->kind != DocumentValue::Kind::table) return;
  ChurnReader reader(path, names, problems, scenario);
  for (const DocumentMember& member : classes->members) {
    if (member.value.kind == DocumentValue::Kind::table) reader.read(member);
  }
}

}  // namespace macula::sim
