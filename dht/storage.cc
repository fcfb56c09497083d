#include "dht/storage.h"

#include <utility>

namespace macula::dht {

bool Storage::store_local(const Key& key, wire::SharedValue value) {
  return context_->records->put(key, std::move(value));
}

void Storage::store(const Key& key, wire::SharedValue value, StoreDone done) {
  const bool stored = store_local(key, value);
  if (context_->shared_storage || context_->protocol.placement == Placement::table) {
    StoreResult result{stored, {}, {}};
    if (!context_->shared_storage) {
      context_->table.closest(key, context_->protocol.k,
                              [&](ContactRef ref) { result.replicas.push_back(ref); });
      send_to_replicas(key, value, result.replicas);
    }
    done(result);
    return;
  }
  const Searches::Goal goal{key, Searches::Kind::find_node, context_->protocol.deadline, {}};
  searches_->start(goal, [this, key, value = std::move(value), stored,
                          done = std::move(done)](SearchResult& search) {
    StoreResult result{stored, search.closest, search};
    send_to_replicas(key, value, result.replicas);
    done(result);
  });
}

void Storage::send_to_replicas(const Key& key, const wire::SharedValue& value,
                               const std::vector<ContactRef>& replicas) {
  for (const ContactRef replica : replicas) context_->send(replica, wire::Store{key, value});
}

void Storage::find(const Key& key, const FindOptions& options, FindDone done) {
  if (options.local) {
    if (const auto* held = context_->records->find(key)) {
      FindResult result{*held, false, false, {}};
      done(result);
      return;
    }
  }
  if (!options.network || context_->shared_storage) {
    FindResult result;
    done(result);
    return;
  }
  const Searches::Goal goal{
      key, Searches::Kind::find_value, options.deadline.value_or(context_->protocol.deadline), {}};
  searches_->start(goal, [done = std::move(done)](SearchResult& search) {
    FindResult result{search.values, search.timed_out && search.values.empty(), true, search};
    done(result);
  });
}

void Storage::on_store(wire::Store& store) {
  store_local(store.key, std::move(store.value));
}

ContactList Storage::closest_known(const NodeId& target) const {
  ContactList nodes;
  context_->table.closest_runs(
      target, context_->protocol.k,
      [&](const ContactRef* run, std::size_t count) { nodes.append(run, count); });
  return nodes;
}

wire::FindNodeReply Storage::answer(const wire::FindNode& request) const {
  return {closest_known(request.target)};
}

wire::FindValueReply Storage::answer(const wire::FindValue& request) const {
  if (const auto* held = context_->records->find(request.key)) return {*held};
  if (context_->protocol.misses == Misses::empty) return {ContactList{}};
  return {closest_known(request.key)};
}

}  // namespace macula::dht
