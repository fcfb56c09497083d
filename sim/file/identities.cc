#include "sim/file/identities.h"

#include <cstddef>
#include <map>
#include <string>

#include "base/check.h"
#include "base/hash.h"

namespace macula::sim {
namespace {

std::string told(const Step& step, const DocumentValue& table) {
  if (!step.id.empty()) return "id " + step.id;
  if (!step.label.empty()) return "label " + step.label;
  return "text " + render(table);
}

}  // namespace

void name_steps(const DocumentValue& root, Scenario& scenario) {
  const DocumentValue* list = find(root, "at");
  std::map<std::string, std::uint64_t> alike;
  for (std::size_t i = 0; i < scenario.steps.size(); ++i) {
    MACULA_CHECK(list != nullptr && i < list->items.size());
    Step& step = scenario.steps[i];
    const std::string text = told(step, list->items[i]);
    step.identity = mix(hash_bytes(text), alike[text]++);
  }
}

}  // namespace macula::sim
