#include "sim/scenario/kit.h"

#include <algorithm>

namespace macula::sim {

const Verb* find_verb(const Kit& kit, std::string_view name) {
  const auto found = std::find_if(kit.verbs.begin(), kit.verbs.end(),
                                  [&](const Verb& verb) { return verb.name == name; });
  return found == kit.verbs.end() ? nullptr : &*found;
}

}  // namespace macula::sim
