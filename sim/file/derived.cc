#include "sim/file/derived.h"

#include <string_view>
#include <utility>

#include "base/text/units.h"
#include "sim/file/parse_protocol.h"

namespace macula::sim {
namespace {

constexpr std::string_view kDefault = "default";

void set_if_missing(DocumentValue& table, std::string_view key, DocumentValue value) {
  if (find(table, key) == nullptr) set_member(table, std::string(key), std::move(value));
}

void set_default(DocumentValue& table, std::string_view key, DocumentValue value) {
  value.origin = kDefault;
  set_if_missing(table, key, std::move(value));
}

void fill_protocol(const Scenario& scenario, DocumentValue& root) {
  DocumentValue& table = *find(root, "protocol");
  DocumentValue all = protocol_value(*scenario.kit, scenario.protocol, origin_of_profile(scenario));
  for (const Parameter& parameter : scenario.kit->parameters) {
    if (parameter.copies.empty() || find(table, parameter.copies) == nullptr) continue;
    find(all, parameter.key)->origin = "default, as " + std::string(parameter.copies);
  }
  for (DocumentMember& member : all.members)
    set_if_missing(table, member.key, std::move(member.value));
}

// Defaults that follow a parameter of the node that acts: with several profiles each has its own.
void fill_verb(const Verb& verb, const Scenario& scenario, const DocumentValue& protocol,
               DocumentValue& table) {
  for (const VerbKey& key : verb.keys) {
    if (key.type == KeyType::arguments) {
      set_default(table, key.name, DocumentValue());
    } else if (!key.follows.empty() && scenario.other_profiles.empty()) {
      set_default(table, key.name, text_value(find(protocol, key.follows)->text));
    }
  }
}

void fill_step(const Scenario& scenario, const DocumentValue& protocol, DocumentValue& step) {
  if (find(step, "every") != nullptr || find(step, "think") != nullptr) {
    set_default(step, "until", text_value(format_duration(scenario.duration)));
  }
  for (const Verb& verb : scenario.kit->verbs) {
    DocumentValue* table = find(step, verb.name);
    if (table != nullptr && table->kind == DocumentValue::Kind::table) {
      fill_verb(verb, scenario, protocol, *table);
    }
  }
}

void fill_expectation(DocumentValue& expectation) {
  const bool polled =
      find(expectation, "within") != nullptr || find(expectation, "always") != nullptr;
  if (polled) set_default(expectation, "every", text_value("1s"));
  for (const std::string_view when : {"at", "during", "within", "always"}) {
    if (find(expectation, when) != nullptr) return;
  }
  set_default(expectation, "finally", boolean_value(true));
}

}  // namespace

std::string origin_of_profile(const Scenario& scenario) {
  return "profile " + scenario.profile;
}

void fill_derived(const Scenario& scenario, DocumentValue& root) {
  fill_protocol(scenario, root);
  if (DocumentValue* churn = find(root, "churn")) {
    for (DocumentMember& member : churn->members) {
      set_default(member.value, "until", text_value(format_duration(scenario.duration)));
    }
  }
  if (DocumentValue* steps = find(root, "at")) {
    for (DocumentValue& step : steps->items) fill_step(scenario, *find(root, "protocol"), step);
  }
  if (DocumentValue* expectations = find(root, "expect")) {
    for (DocumentValue& expectation : expectations->items) fill_expectation(expectation);
  }
}

}  // namespace macula::sim
