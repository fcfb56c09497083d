#include "sim/file/parse.h"

#include <utility>

#include "base/text/document.h"
#include "sim/file/parse_keys.h"
#include "sim/file/parse_overrides.h"
#include "sim/file/parse_problems.h"
#include "sim/file/parse_resolve.h"
#include "sim/file/parse_sections.h"
#include "sim/file/resolved.h"

namespace macula::sim {

void resolve(const Overrides& overrides, const Schema& schema, DocumentValue& root,
             Problems& problems) {
  apply_overrides(overrides, root, problems);
  check_keys(root, schema, problems);
  fill_defaults(schema, root);
}

Scenario build_scenario(const Document& document, const Schema& schema, const std::string& path,
                        Problems& problems) {
  Scenario scenario;
  scenario.kit = &schema.kit();
  scenario.file = path;
  scenario.source = document.lines;
  PopulationNames names;
  Labels labels;
  read_settings(document.root, problems, scenario);
  read_network(document.root, path, problems, scenario);
  read_populations(document.root, problems, scenario, names);
  read_churn(document.root, path, names, problems, scenario);
  read_steps(document.root, schema, names, problems, scenario, labels);
  read_expectations(document.root, names, labels, problems, scenario);
  read_sweep(document.root, problems, scenario);
  if (problems.empty()) find_unused(document.root, scenario, problems);
  scenario.warnings = problems.take_warnings();
  return scenario;
}

tl::expected<Scenario, Diagnostics> parse_scenario_text(const Kit& kit, const std::string& text,
                                                        const std::string& path,
                                                        const Overrides& overrides) {
  auto resolved = resolve_scenario_text(kit, text, path, overrides);
  if (!resolved) return tl::unexpected(std::move(resolved.error()));
  return std::move(resolved->scenario);
}

tl::expected<Scenario, Diagnostics> parse_scenario(const Kit& kit, const std::string& path,
                                                   const Overrides& overrides) {
  auto resolved = resolve_scenario(kit, path, overrides);
  if (!resolved) return tl::unexpected(std::move(resolved.error()));
  return std::move(resolved->scenario);
}

}  // namespace macula::sim
