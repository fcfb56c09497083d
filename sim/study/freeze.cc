#include "sim/study/freeze.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text/document.h"
#include "base/text/units.h"
#include "sim/file/keys.h"
#include "sim/file/resolved.h"
#include "sim/file/write.h"
#include "sim/run/roster.h"
#include "sim/run/run.h"
#include "sim/scenario/placeholder.h"

namespace macula::sim {
namespace {

void erase_member(DocumentValue& table, std::string_view key) {
  std::erase_if(table.members, [&](const DocumentMember& member) { return member.key == key; });
}

// Erases the values that the file did not say and no option has set.
void erase_defaults(DocumentValue& value) {
  std::erase_if(value.members, [](const DocumentMember& member) {
    return member.value.origin == "default" && member.value.kind != DocumentValue::Kind::table;
  });
  for (DocumentMember& member : value.members) erase_defaults(member.value);
  for (DocumentValue& item : value.items) erase_defaults(item);
}

// The arguments of a call have no null.
DocumentValue value_of(const nlohmann::json& json) {
  if (json.is_boolean()) return boolean_value(json.get<bool>());
  if (json.is_number_integer()) return integer_value(json.get<std::int64_t>());
  if (json.is_number()) return decimal_value(json.get<double>());
  if (json.is_string()) return text_value(json.get<std::string>());
  if (json.is_array()) {
    std::vector<DocumentValue> items;
    for (const auto& item : json) items.push_back(value_of(item));
    return list_value(std::move(items));
  }
  DocumentValue table;
  for (const auto& [key, member] : json.items()) set_member(table, key, value_of(member));
  return table;
}

class Freezer {
 public:
  Freezer(const Scenario& scenario, const DocumentValue& root)
      : scenario_(scenario), roster_(scenario), root_(root), frozen_(root) {}

  DocumentValue freeze(const DrawnRun& drawn, std::uint64_t seed) {
    set_member(*find(frozen_, "scenario"), "seed", integer_value(static_cast<std::int64_t>(seed)));
    for (const DrawnTurn& turn : drawn.turns) add_turn(turn);
    for (const Churn& churn : scenario_.churn) {
      const auto its = drawn.churn.find(churn.name);
      if (its != drawn.churn.end()) add_churn(churn, its->second);
    }
    // Steps happen in the order of the file where they happen at one instant.
    std::stable_sort(steps_.begin(), steps_.end(),
                     [](const Dated& a, const Dated& b) { return a.time < b.time; });
    std::vector<DocumentValue> list;
    list.reserve(steps_.size());
    for (Dated& step : steps_) list.push_back(std::move(step.value));
    erase_member(frozen_, "at");
    if (!list.empty()) set_member(frozen_, "at", list_value(std::move(list)));
    erase_defaults(frozen_);
    return std::move(frozen_);
  }

 private:
  struct Dated {
    Time time;
    DocumentValue value;
  };

  [[nodiscard]] DocumentValue names(const std::vector<NodeNumber>& nodes) const {
    if (nodes.size() == 1) return text_value(roster_.name(nodes.front()));
    std::vector<DocumentValue> list;
    list.reserve(nodes.size());
    for (const NodeNumber node : nodes) list.push_back(text_value(roster_.name(node)));
    return list_value(std::move(list));
  }

  // The step has an id of its own: taking out one changes no other.
  void add_step(Time time, const std::string& about, DocumentValue step) {
    set_member(step, "t", text_value(format_duration(time - kTimeZero)));
    set_member(step, "id", text_value(fmt::format("{}: {}", about, ++numbered_[about])));
    steps_.push_back({time, std::move(step)});
  }

  void add_turn(const DrawnTurn& drawn) {
    const Step& step = scenario_.steps[drawn.turn.step];
    // A step that stands for no node by name, as `heal`, has nothing that is drawn.
    std::vector<DrawnTurn::Part> parts = drawn.parts;
    const bool drawless =
        std::none_of(step.verb->keys.begin(), step.verb->keys.end(), [](const VerbKey& key) {
          return key.type == KeyType::selector || key.type == KeyType::sides;
        });
    if (parts.empty() && drawless) parts.emplace_back();
    const std::string label = with_number(step.label, drawn.turn.repetition);
    for (const DrawnTurn::Part& part : parts) {
      const bool nobody = std::any_of(part.nodes.begin(), part.nodes.end(),
                                      [](const auto& entry) { return entry.second.empty(); });
      if (nobody) continue;
      DocumentValue value = find(root_, "at")->items[drawn.turn.step];
      for (const char* key : {"every", "until", "think"}) erase_member(value, key);
      DocumentValue& verb = *find(value, step.verb->name);
      if (find(value, "label") != nullptr) set_member(value, "label", text_value(label));
      if (verb.kind == DocumentValue::Kind::table && find(verb, "label") != nullptr) {
        set_member(verb, "label", text_value(label));
      }
      fill(*step.verb, part, verb);
      add_step(drawn.turn.time, step.label.empty() ? std::string(step.verb->name) : label,
               std::move(value));
    }
  }

  void fill(const Verb& verb, const DrawnTurn::Part& part, DocumentValue& value) const {
    for (const VerbKey& key : verb.keys) {
      const bool alone = value.kind != DocumentValue::Kind::table && &key == &verb.keys.front();
      const auto put = [&](DocumentValue drawn) {
        if (alone) {
          value = std::move(drawn);
        } else {
          set_member(value, std::string(key.name), std::move(drawn));
        }
      };
      if (key.type == KeyType::sides) {
        put(list_value({names(part.nodes.at("a")), names(part.nodes.at("b"))}));
      } else if (const auto nodes = part.nodes.find(key.name); nodes != part.nodes.end()) {
        put(names(nodes->second));
      } else if (const auto size = part.sizes.find(key.name); size != part.sizes.end()) {
        DocumentValue table;
        set_member(table, "bytes", text_value(fmt::format("{}B", size->second)));
        put(std::move(table));
      } else if (const auto text = part.texts.find(key.name); text != part.texts.end()) {
        const bool json = key.type == KeyType::arguments;
        put(json ? value_of(nlohmann::json::parse(text->second)) : text_value(text->second));
      }
    }
  }

  void add_churn(const Churn& churn, const DrawnChurn& drawn) {
    if (drawn.held_back || churn.restart == ChurnRestart::nothing) return;
    for (const DrawnLife& life : drawn.lives) {
      DocumentValue nodes = text_value(roster_.name(life.node));
      DocumentValue step;
      if (life.up) {
        DocumentValue restart;
        set_member(restart, "nodes", std::move(nodes));
        const bool keeps = churn.restart == ChurnRestart::keep_state;
        set_member(restart, "state", text_value(keeps ? "keep" : "lose"));
        set_member(step, "restart", std::move(restart));
      } else {
        set_member(step, "crash", std::move(nodes));
      }
      set_member(step, "may_miss", boolean_value(true));
      add_step(life.time, churn.name, std::move(step));
    }
    DocumentValue& classes = *find(frozen_, "churn");
    erase_member(classes, churn.name);
    if (classes.members.empty()) erase_member(frozen_, "churn");
  }

  const Scenario& scenario_;
  const Roster roster_;
  const DocumentValue& root_;
  DocumentValue frozen_;
  std::vector<Dated> steps_;
  std::map<std::string, std::uint64_t> numbered_;
};

Diagnostics one_error(const std::string& path, std::string text) {
  return Diagnostics{{path, {}, std::move(text), {}}};
}

}  // namespace

tl::expected<std::string, Diagnostics> freeze_scenario(const Kit& kit, const std::string& path,
                                                       const Overrides& overrides,
                                                       std::optional<std::uint64_t> seed) {
  if (seed && *seed > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    return tl::unexpected(one_error(path, "a file holds seeds up to 2^63 - 1: take another one"));
  }
  const auto resolved = resolve_scenario(kit, path, overrides);
  if (!resolved) return tl::unexpected(resolved.error());
  const Scenario& scenario = resolved->scenario;
  DrawnRun drawn;
  RunOptions options;
  options.drawn = &drawn;
  const RunResult run = run_scenario(scenario, seed.value_or(scenario.seed), options);
  if (!run.crash.empty()) return tl::unexpected(one_error(path, run.crash));
  if (!run.stopped.empty()) return tl::unexpected(one_error(path, "the run ended: " + run.stopped));
  const DocumentValue frozen =
      Freezer(scenario, resolved->root).freeze(drawn, seed.value_or(scenario.seed));
  std::string text = write_document(Schema(kit), frozen, {});
  if (text.size() > kDocumentBytesMax) {
    return tl::unexpected(one_error(
        path, fmt::format("frozen it would be {} bytes, and a scenario file has at most {}: let "
                          "it be shorter, or repeat less often",
                          text.size(), kDocumentBytesMax)));
  }
  return text;
}

}  // namespace macula::sim
