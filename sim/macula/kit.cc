#include "sim/macula/kit.h"

#include <initializer_list>
#include <iterator>
#include <vector>

#include "sim/macula/community.h"
#include "sim/macula/invariants.h"
#include "sim/macula/metrics.h"
#include "sim/macula/networks.h"
#include "sim/macula/parameters.h"
#include "sim/macula/verbs.h"
#include "sim/run/fault_verbs.h"
#include "sim/run/general_metrics.h"

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

std::vector<std::string_view> message_names() {
  std::vector<std::string_view> names;
  for (unsigned number = 0; number <= 0xFF; ++number) {
    const auto type = dht::wire::type_from_number(static_cast<std::uint8_t>(number));
    if (type) names.push_back(dht::wire::type_name(*type));
  }
  return names;
}

std::vector<ErrorCodeInfo> macula_errors() {
  return {
      {"timeout", "No answer in time."},
      {"not_found", "No value, provider or procedure of this name."},
      {"refused", "The other side, or the own store, did not take it."},
      {"unreachable", "There is no way to the other side, or no node answered a search."},
      {"no_route", "A routed call came to a node that knows nobody closer to its destination."},
      {"max_hops_exceeded", "A routed call was passed on `max_hops` times."},
      {"bad_reply", "The answer belongs to another request."},
      {"invalid_args", "A procedure that computes was not given whole numbers `a` and `b`."},
      {"division_by_zero", "`divide` by 0."},
      {"overflow", "The result does not fit 64 bits."},
      {"cancelled", "Given up by its caller: `cancel_after`."},
  };
}

}  // namespace

const Kit& macula_kit() {
  static const Kit kit{
      .name = "macula",
      .verbs = joined({record_verbs, provider_verbs, call_verbs, query_verbs, fault_verbs}),
      .metrics = joined({success_metrics, value_metrics, duration_metrics, search_metrics,
                         route_metrics, message_metrics, traffic_metrics, record_metrics,
                         table_metrics, overlay_metrics}),
      .invariants = macula_invariants(),
      .errors = macula_errors(),
      .parameters = macula_parameters(),
      .profiles = macula_profiles(),
      .follow = follow_parameters,
      .record_limit = record_limit,
      .messages = message_names(),
      .worlds = macula_worlds(),
      .keyed = true,
      .introduces = true,
      .make_community = [](const Setup& setup) {
        return std::make_unique<MaculaCommunity>(setup, network_in(setup.world.name));
      }};
  return kit;
}

}  // namespace macula::sim
