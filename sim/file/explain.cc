#include "sim/file/explain.h"

#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/text/document.h"
#include "sim/file/derived.h"
#include "sim/file/files.h"
#include "sim/file/keys.h"
#include "sim/file/parse_problems.h"
#include "sim/file/parse_resolve.h"
#include "sim/file/write.h"

namespace macula::sim {
namespace {

// A file that is looked for beside the scenario is named in full, so that the text means the same
// from any folder.
void name_in_full(const std::string& path, Value& table, std::string_view key) {
  Value* file = find(table, key);
  if (file == nullptr) return;
  std::error_code error;
  const auto full = std::filesystem::absolute(find_beside(path, file->text), error);
  if (!error) file->text = full.lexically_normal().string();
}

void name_files_in_full(const std::string& path, Value& root) {
  name_in_full(path, *find(root, "latency"), "matrix");
  if (Value* churn = find(root, "churn")) {
    for (Member& member : churn->members) name_in_full(path, member.value, "trace");
  }
}

}  // namespace

tl::expected<std::string, Diagnostics> explain_scenario_text(const Kit& kit,
                                                             const std::string& text,
                                                             const std::string& path,
                                                             const Overrides& overrides) {
  auto document = parse_document(text, path);
  if (!document) return tl::unexpected(std::move(document.error()));
  Problems problems(path, document->lines);
  const Schema schema(kit);
  resolve(overrides, schema, document->root, problems);
  const Scenario scenario = build_scenario(*document, schema, path, problems);
  if (!problems.empty()) return tl::unexpected(problems.take());
  fill_derived(scenario, document->root);
  name_files_in_full(path, document->root);
  // What stands in [protocol] holds for every profile: with several, their own values do not.
  DocumentStyle style;
  style.origins = true;
  if (!scenario.other_profiles.empty()) style.aside = origin_of_profile(scenario);
  return write_document(schema, document->root, style);
}

tl::expected<std::string, Diagnostics> explain_scenario(const Kit& kit, const std::string& path,
                                                        const Overrides& overrides) {
  const auto text = read_file(path, kDocumentBytesMax);
  if (!text) return tl::unexpected(Diagnostics{{path, {}, text.error(), {}}});
  return explain_scenario_text(kit, *text, path, overrides);
}

}  // namespace macula::sim
