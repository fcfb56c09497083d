#include "sim/file/reference.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "sim/file/metric_parse.h"
#include "sim/file/parse_distribution.h"
#include "sim/file/selector_parse.h"
#include "sim/scenario/error_codes.h"

namespace macula::sim {
namespace {

std::string code(std::string_view text) {
  return fmt::format("`{}`", text);
}

using Row = std::vector<std::string>;

std::string line(const Row& cells) {
  return fmt::format("| {} |\n", fmt::join(cells, " | "));
}

std::string table(const Row& head, const std::vector<Row>& rows) {
  std::string text = line(head) + '|';
  for (std::size_t i = 0; i < head.size(); ++i) text += "---|";
  text += '\n';
  for (const Row& row : rows) text += line(row);
  return text;
}

std::string default_of(const KeyInfo& info) {
  if (info.required) return "required";
  return info.fallback.empty() ? info.fallback_about : code(info.fallback);
}

std::string keys(const Schema& schema, std::string_view form) {
  std::vector<Row> rows;
  for (const KeyInfo* info : schema.keys_of(form)) {
    rows.push_back({code(info->key), info->type, default_of(*info), code(info->example),
                    std::string(info->about)});
  }
  return table({"key", "takes", "default", "example", "what"}, rows);
}

// A section for each verb that has a table of its own.
std::string verbs(const Schema& schema) {
  std::string text;
  for (const Verb& verb : schema.kit().verbs) {
    if (verb.form == VerbForm::value) continue;
    text += fmt::format("{}### `{}`\n\n", text.empty() ? "" : "\n", verb.name);
    if (!verb.remark.empty()) text += fmt::format("{}\n\n", verb.remark);
    text += keys(schema, fmt::format("at.{}", verb.name));
  }
  return text;
}

std::string metrics(const Kit& kit) {
  std::vector<Row> rows;
  for (const MetricInfo& info : kit.metrics) {
    rows.push_back({code(metric_form(info)), std::string(metric_kind_name(info.kind)),
                    std::string(info.unit), std::string(info.about)});
  }
  return table({"metric", "kind", "unit", "what"}, rows);
}

std::string invariants(const Kit& kit) {
  std::vector<Row> rows;
  for (const InvariantInfo& info : kit.invariants) {
    rows.push_back({code(info.name), info.of_run != nullptr ? "all nodes" : "each node",
                    std::string(info.about)});
  }
  return table({"invariant", "of", "what holds"}, rows);
}

std::string selectors(const Kit& kit) {
  std::vector<Row> rows;
  for (const SelectorInfo& info : selector_catalogue()) {
    if (!kit.keyed && info.form.find("KEY") != std::string_view::npos) continue;
    rows.push_back({code(info.form), code(info.example), std::string(info.about)});
  }
  return table({"selector", "example", "nodes"}, rows);
}

std::string distributions() {
  std::vector<Row> rows;
  for (const DistributionInfo& info : distribution_catalogue()) {
    rows.push_back({code(info.example), std::string(info.about)});
  }
  return table({"distribution", "what"}, rows);
}

std::string codes(const Kit& kit) {
  std::vector<Row> rows;
  for (const ErrorCodeInfo& info : error_codes(kit)) {
    rows.push_back({code(info.code), std::string(info.about)});
  }
  return table({"code", "what"}, rows);
}

}  // namespace

std::vector<ReferencePart> reference(const Schema& schema) {
  std::vector<ReferencePart> parts = {{"distributions", distributions()},
                                      {"selectors", selectors(schema.kit())},
                                      {"top", keys(schema, "")}};
  // Those of a table whose names are free stand at each of its members.
  std::string_view last;
  for (const KeyInfo& info : schema.keys()) {
    const bool listed = info.table == last || info.table.empty() || info.key == "*";
    const bool of_verb = info.table.rfind("at.", 0) == 0;
    if (listed || of_verb) continue;
    last = info.table;
    parts.push_back({info.table, keys(schema, info.table)});
    if (info.table == "at") parts.push_back({"verbs", verbs(schema)});
  }
  parts.push_back({"metrics", metrics(schema.kit())});
  parts.push_back({"invariants", invariants(schema.kit())});
  parts.push_back({"error codes", codes(schema.kit())});
  return parts;
}

}  // namespace macula::sim
