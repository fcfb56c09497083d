#include "sim/macula/kit.h"

#include <iterator>

#include "sim/macula/verbs.h"
#include "sim/run/fault_verbs.h"

namespace macula::sim {
namespace {

std::vector<Verb> all_verbs() {
  std::vector<Verb> all;
  for (const auto family : {record_verbs, provider_verbs, call_verbs, query_verbs, fault_verbs}) {
    std::vector<Verb> verbs = family();
    all.insert(all.end(), std::make_move_iterator(verbs.begin()),
               std::make_move_iterator(verbs.end()));
  }
  return all;
}

}  // namespace

const Kit& macula_kit() {
  static const Kit kit{.name = "macula", .verbs = all_verbs()};
  return kit;
}

}  // namespace macula::sim
