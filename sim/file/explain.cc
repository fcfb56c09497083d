#include "sim/file/explain.h"

#include "sim/file/derived.h"
#include "sim/file/keys.h"
#include "sim/file/resolved.h"
#include "sim/file/write.h"

namespace macula::sim {
namespace {

tl::expected<std::string, Diagnostics> explained(const Kit& kit,
                                                 tl::expected<Resolved, Diagnostics> resolved) {
  if (!resolved) return tl::unexpected(resolved.error());
  fill_derived(resolved->scenario, resolved->root);
  // The values in [protocol] hold for every profile: with several, their own values do not.
  DocumentStyle style;
  style.origins = true;
  if (!resolved->scenario.other_profiles.empty()) {
    style.aside = origin_of_profile(resolved->scenario);
  }
  return write_document(Schema(kit), resolved->root, style);
}

}  // namespace

tl::expected<std::string, Diagnostics> explain_scenario_text(const Kit& kit,
                                                             const std::string& text,
                                                             const std::string& path,
                                                             const Overrides& overrides) {
  return explained(kit, resolve_scenario_text(kit, text, path, overrides));
}

tl::expected<std::string, Diagnostics> explain_scenario(const Kit& kit, const std::string& path,
                                                        const Overrides& overrides) {
  return explained(kit, resolve_scenario(kit, path, overrides));
}

}  // namespace macula::sim
