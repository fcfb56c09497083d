#include "sim/scenario/kit.h"

#include <algorithm>

namespace macula::sim {

namespace {

template <typename Row>
const Row* find(const std::vector<Row>& rows, std::string_view name) {
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.name == name; });
  return found == rows.end() ? nullptr : &*found;
}

}  // namespace

const Verb* find_verb(const Kit& kit, std::string_view name) {
  return find(kit.verbs, name);
}

const MetricInfo* find_metric(const Kit& kit, std::string_view name) {
  return find(kit.metrics, name);
}

const Profile* find_profile(const Kit& kit, std::string_view name) {
  return find(kit.profiles, name);
}

}  // namespace macula::sim
