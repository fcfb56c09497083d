#include "sim/macula/invariants.h"

#include "sim/macula/community.h"
#include "sim/run/invariant_view.h"

namespace macula::sim {
namespace {

// An invariant that costs more than its event is looked at after one in so many.
constexpr std::uint64_t kNowAndThen = 64;
// A larger store is looked at the more rarely: as many records an event.
constexpr std::size_t kRecordsAnEvent = 32;

const dht::Node& node_in(const NodeView& view) {
  return macula(view.world).node(view.node);
}

Violation buckets(const NodeView& view) {
  return node_in(view).table().bucket_violation();
}
Violation table_health(const NodeView& view) {
  return node_in(view).table().health_violation();
}
Violation spares(const NodeView& view) {
  return node_in(view).table().spare_violation();
}
Violation endpoints(const NodeView& view) {
  return node_in(view).table().endpoint_violation();
}

bool table_after(const NodeView& view) {
  if (view.peer == kNoNode) return true;
  return node_in(view).table().is_sound_around(macula(view.world).contact(view.peer));
}

Violation records(const NodeView& view) {
  return node_in(view).records().violation();
}

// Records come and go by messages that carry some, by steps and by chores.
bool may_move_records(const NodeView& view) {
  switch (view.kind) {
    case EventKind::request:
    case EventKind::message:
      return view.message == "store" || view.message == "leave_copy";
    case EventKind::reply:
      return view.message == "find_value_reply";
    default:
      return view.kind != EventKind::failure;
  }
}

bool stores_after(const NodeView& view) {
  if (!may_move_records(view)) return true;
  const dht::RecordStore& store = node_in(view).records();
  const std::size_t turns = 1 + store.entries() / kRecordsAnEvent;
  if (!store.is_within_limits()) return false;
  return view.event % turns != 0 ||
         (!store.violation() && !node_in(view).storage().copies().violation());
}

Violation copies(const NodeView& view) {
  return node_in(view).storage().copies().violation();
}

Violation lookups(const NodeView& view) {
  return node_in(view).searches().violation();
}

bool lookups_after(const NodeView& view) {
  const dht::Searches& searches = node_in(view).searches();
  return searches.is_progress_sound() && (view.event % kNowAndThen != 0 || !searches.violation());
}

Violation chores(const NodeView& view) {
  return node_in(view).maintenance().violation();
}

bool chores_after(const NodeView& view) {
  return !chores(view);
}

// Providers' records name their providers, and may come from nodes that publish by themselves.
std::optional<Breach> values(const RunView& view) {
  MaculaCommunity& nodes = macula(view.world);
  const Writes& writes = nodes.records().writes();
  const dht::RecordStore* last = nullptr;
  std::optional<Breach> breach;
  view.for_each_live([&](NodeNumber number) {
    const dht::Node& node = nodes.node(number);
    if (breach || &node.records() == last) return;  // that one is shared
    last = &node.records();
    last->for_each([&](const dht::Key& key, const dht::RecordEntry& entry) {
      if (breach || entry.value == nullptr || !entry.provider.empty()) return;
      if (writes.was_written(key, *entry.value)) return;
      breach = Breach{
          number, "it holds a value that nobody has written under the key " + dht::id_to_hex(key)};
    });
  });
  return breach;
}

}  // namespace

std::vector<InvariantInfo> macula_invariants() {
  return {
      {.name = "buckets",
       .about = "A contact lies in a routing table once, in the bucket of its prefix, which holds "
                "at most `k`.",
       .of_node = buckets,
       .holds_after = table_after,
       .after = {EventKind::request, EventKind::reply, EventKind::message, EventKind::failure}},
      {.name = "table health",
       .about = "No contact in a routing table has failed twice in a row, or is among the dead.",
       .of_node = table_health},
      {.name = "spares",
       .about = "A contact that waits for a place in a bucket belongs there and is not in it yet.",
       .of_node = spares},
      {.name = "endpoints",
       .about = "A routing table has one contact an endpoint, and a bucket of it at most "
                "`subnet_limit` of a subnet.",
       .of_node = endpoints},
      {.name = "records",
       .about = "A store keeps to its limits, counts what it holds, and has one record an origin "
                "under a key, none of which ends before it begins.",
       .of_node = records,
       .holds_after = stores_after},
      {.name = "copies",
       .about = "The copies that finders leave at a node keep to their limits and are counted.",
       .of_node = copies},
      {.name = "lookups",
       .about = "A lookup asks at most `alpha` nodes at a time (`k` where it widens), in the order "
                "of their distance, never itself, and waits for an answer until it ends.",
       .of_node = lookups,
       .holds_after = lookups_after,
       // The requests of others do not move a lookup on.
       .after = {EventKind::reply, EventKind::message, EventKind::failure, EventKind::timer,
                 EventKind::operation, EventKind::maintenance, EventKind::restart}},
      {.name = "chores",
       .about = "A node that has a chore due has set the timer for it, and no other.",
       .of_node = chores,
       .holds_after = chores_after,
       .after = {EventKind::timer}},
      {.name = "values",
       .about = "Under a key that steps write no node holds a value that nobody wrote there.",
       .of_run = values},
  };
}

}  // namespace macula::sim
