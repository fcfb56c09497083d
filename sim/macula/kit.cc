#include "sim/macula/kit.h"

#include <initializer_list>
#include <iterator>
#include <vector>

#include "sim/macula/invariants.h"
#include "sim/macula/metrics.h"
#include "sim/macula/verbs.h"
#include "sim/run/fault_verbs.h"

namespace macula::sim {
namespace {

// All rows of the families, in order.
template <typename Row>
std::vector<Row> joined(std::initializer_list<std::vector<Row> (*)()> families) {
  std::vector<Row> all;
  for (const auto family : families) {
    std::vector<Row> rows = family();
    all.insert(all.end(), std::make_move_iterator(rows.begin()),
               std::make_move_iterator(rows.end()));
  }
  return all;
}

}  // namespace

const Kit& macula_kit() {
  static const Kit kit{
      .name = "macula",
      .verbs = joined({record_verbs, provider_verbs, call_verbs, query_verbs, fault_verbs}),
      .metrics = joined({operation_metrics, traffic_metrics, record_metrics, table_metrics}),
      .invariants = macula_invariants()};
  return kit;
}

}  // namespace macula::sim
