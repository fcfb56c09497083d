#include "sim/file/resolved.h"

#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "sim/file/files.h"
#include "sim/file/inputs.h"
#include "sim/file/keys.h"
#include "sim/file/parse_problems.h"
#include "sim/file/parse_resolve.h"

namespace macula::sim {
namespace {

void name_in_full(const std::string& path, DocumentValue& table, std::string_view key) {
  DocumentValue* file = find(table, key);
  if (file == nullptr) return;
  std::error_code error;
  const auto full = std::filesystem::absolute(find_beside(path, file->text), error);
  if (!error) file->text = full.lexically_normal().string();
}

void name_files_in_full(const std::string& path, DocumentValue& root) {
  name_in_full(path, *find(root, "latency"), "matrix");
  if (DocumentValue* churn = find(root, "churn")) {
    for (DocumentMember& member : churn->members) name_in_full(path, member.value, "trace");
  }
}

}  // namespace

tl::expected<Resolved, Diagnostics> resolve_scenario_text(const Kit& kit, const std::string& text,
                                                          const std::string& path,
                                                          const Overrides& overrides) {
  auto document = parse_document(text, path);
  if (!document) return tl::unexpected(std::move(document.error()));
  Problems problems(path, document->lines);
  const Schema schema(kit);
  resolve(overrides, schema, document->root, problems);
  Scenario scenario = build_scenario(*document, schema, path, problems);
  scenario.overrides = overrides;
  if (!problems.empty()) return tl::unexpected(problems.take());
  take_inputs(document->root, schema, path, scenario);
  name_files_in_full(path, document->root);
  return Resolved{std::move(scenario), std::move(document->root)};
}

tl::expected<Resolved, Diagnostics> resolve_scenario(const Kit& kit, const std::string& path,
                                                     const Overrides& overrides) {
  const auto text = read_file(path, kDocumentBytesMax);
  if (!text) return tl::unexpected(Diagnostics{{path, {}, text.error(), {}}});
  return resolve_scenario_text(kit, *text, path, overrides);
}

}  // namespace macula::sim
