#include "dht/node/record_upkeep.h"

#include <algorithm>

#include "dht/node/placements.h"

namespace macula::dht {
namespace {

// A pass over all records to replicate begins at most so often in an interval.
constexpr int kPasses = 8;

}  // namespace

RecordUpkeep::RecordUpkeep(Context& context, Searches& searches, Storage& storage,
                           Maintenance& maintenance)
    : context_(&context), storage_(&storage), maintenance_(&maintenance) {
  if (context.protocol.placement == Placement::own || !context.protocol.expiry) return;
  for (const Chore chore : {Chore::republish, Chore::replicate, Chore::expire}) {
    maintenance.add(chore, *this);
  }
  if (context.protocol.republish_regions && context.protocol.k > 1) {
    regions_ = std::make_unique<RegionWalker>(context, searches, [this](std::size_t bytes) {
      maintenance_->spent(Chore::republish, bytes);
    });
  }
  storage.listen([this](bool own_is_behind) { on_stored(own_is_behind); });
}

Turn RecordUpkeep::take_turn(Chore chore) {
  const Turn turn = chore == Chore::republish   ? republish()
                    : chore == Chore::replicate ? replicate()
                                                : expire();
  planned_[static_cast<std::size_t>(chore)] = turn.next.has_value();
  return turn;
}

// Each `want` draws anew, and many draws would bring a turn forward: so one at a time.
void RecordUpkeep::plan(Chore chore, Duration within) {
  bool& planned = planned_[static_cast<std::size_t>(chore)];
  if (planned) return;
  planned = true;
  maintenance_->want(chore, within);
}

void RecordUpkeep::on_stored(bool own_is_behind) {
  const Protocol& protocol = context_->protocol;
  plan(Chore::expire, protocol.sweep_interval);
  plan(Chore::replicate, protocol.replicate_interval);
  if (own_is_behind) {
    maintenance_->want(Chore::republish, kSoon);
  } else if (storage_->publications().size() > 0) {
    plan(Chore::republish, protocol.republish_interval);
  }
}

// ----- republish -----

Turn RecordUpkeep::republish() {
  const Duration interval = context_->protocol.republish_interval;
  const Time now = context_->host.now();
  Publication* first = storage_->publications().first(interval);
  if (first == nullptr) return {};
  if (first->published + interval / 2 <= now) {
    if (regions_) return republish_region(first->key);
    republish_one(*first);
    first = storage_->publications().first(interval);
    if (first == nullptr) return {};
  }
  return {0, first->published + interval - now};
}

void RecordUpkeep::republish_one(Publication& publication) {
  const Key key = publication.key;
  const bool provider = publication.provider;
  storage_->publish(publication, context_->protocol.deadline, [this](StoreResult& result) {
    maintenance_->spent(Chore::republish,
                        result.bytes + query_bytes(result.search.stats, context_->book));
  });
  const Publication* published = storage_->publications().find(key, provider);
  if (published != nullptr) context_->application.on_republished(key, published->value);
}

// The end of the walk brings the next turn.
Turn RecordUpkeep::republish_region(const Key& key) {
  const Duration interval = context_->protocol.republish_interval;
  if (regions_->under_way()) return {0, interval};
  regions_->begin(key, [this, interval](const Region* region) {
    if (context_->life != Context::Life::running) return;
    Publication* first = storage_->publications().first(interval);
    if (region != nullptr) {
      republish_in(*region);
    } else if (first != nullptr) {
      republish_one(*first);
    }
    maintenance_->want(Chore::republish, Maintenance::kShortest);
  });
  return {0, interval};
}

// All that lies there, though some of it may not be due yet: next time they are due together.
void RecordUpkeep::republish_in(const Region& region) {
  std::vector<std::pair<Key, bool>> names;
  storage_->publications().for_each([&](const Publication& each) {
    if (!each.withdrawn && region.prefix.contains(each.key)) {
      names.emplace_back(each.key, each.provider);
    }
  });
  std::size_t bytes = 0;
  for (const auto& [key, provider] : names) {
    Publication* publication = storage_->publications().find(key, provider);
    if (publication == nullptr) continue;
    bytes += storage_->publish_among(*publication, region.nodes);
    context_->application.on_republished(key, publication->value);
  }
  maintenance_->spent(Chore::republish, bytes);
}

// ----- replicate -----

bool RecordUpkeep::passes_on(const Entry& entry) const {
  return entry.live(context_->host.now()) && entry.expires != kTimeMax;
}

Turn RecordUpkeep::replicate() {
  if (awaits_hand_over()) return hand_over();
  const Duration interval = context_->protocol.replicate_interval;
  const Time now = context_->host.now();
  std::size_t bytes = 0;
  const auto next =
      context_->records->visit_from(replicate_from_, kPiece, [&](const Key& key, auto& entries) {
        for (Entry& entry : entries) {
          if (!passes_on(entry) || entry.own || entry.settled) continue;
          if (entry.heard + interval / 2 <= now) {
            bytes = replicate_one(key, entry);
            return false;
          }
          unheard_since_ = std::min(unheard_since_, entry.heard);
        }
        return true;
      });
  replicate_from_ = next.value_or(Key{});
  if (next) return {bytes, Maintenance::kShortest};
  if (context_->records->size() == 0) return {bytes, std::nullopt};
  const Time since = std::min(std::exchange(unheard_since_, kTimeMax), now);
  return {bytes, std::max(since + interval - now, interval / kPasses)};
}

std::size_t RecordUpkeep::replicate_one(const Key& key, Entry& entry) {
  const std::uint32_t k = context_->protocol.k;
  std::vector<ContactRef> closest;
  context_->table.closest(key, k, [&](ContactRef ref) { closest.push_back(ref); });
  const auto closer = [&](ContactRef a, ContactRef b) { return context_->book.closer(a, b, key); };
  std::sort(closest.begin(), closest.end(), closer);
  const bool inside = closest.size() < k || closer(context_->self, closest.back());
  if (inside && closest.size() == k) closest.pop_back();
  std::size_t bytes = 0;
  for (const ContactRef ref : closest) bytes += storage_->pass_on(ref, key, entry);
  entry.heard = context_->host.now();
  entry.settled = !inside;
  return bytes;
}

// ----- hand-over -----

void RecordUpkeep::on_newcomer(ContactRef contact) {
  const Protocol& protocol = context_->protocol;
  if (storage_->places()) storage_->placements().hurry(contact);
  if (!protocol.hand_over || !protocol.expiry || protocol.placement == Placement::own) return;
  if (context_->records->size() == 0) return;
  const Time now = context_->host.now();
  const auto settled = [&](const Newcomer& newcomer) {
    const bool waits = newcomer.given == Given::no && may_take(newcomer);
    return newcomer.given != Given::in_this_pass && !waits && newcomer.since + kNew <= now;
  };
  newcomers_.erase(std::remove_if(newcomers_.begin(), newcomers_.end(), settled), newcomers_.end());
  if (newcomers_.size() == kNewcomers) return;
  const bool first = !awaits_hand_over();
  newcomers_.push_back({contact, now, Given::no});
  if (!first) return;
  maintenance_->want(Chore::replicate, kSoon);
  planned_[static_cast<std::size_t>(Chore::replicate)] = true;
}

bool RecordUpkeep::awaits_hand_over() const {
  return std::any_of(newcomers_.begin(), newcomers_.end(), [this](const Newcomer& newcomer) {
    return newcomer.given == Given::in_this_pass ||
           (newcomer.given == Given::no && may_take(newcomer));
  });
}

// A node that names an endpoint as its own must not make this node send its records there.
bool RecordUpkeep::may_take(const Newcomer& newcomer) const {
  return context_->book.is_relayed(newcomer.ref) || context_->host.reached(newcomer.ref);
}

void RecordUpkeep::find_takers(const Key& key) {
  const ContactBook& book = context_->book;
  const std::uint32_t k = context_->protocol.k;
  const Time now = context_->host.now();
  takers_.clear();
  closest_.clear();
  context_->table.closest(key, k, [&](ContactRef ref) { closest_.push_back(ref); });
  const auto is_new = [&](ContactRef ref) {
    return std::any_of(newcomers_.begin(), newcomers_.end(), [&](const Newcomer& newcomer) {
      return newcomer.ref == ref && newcomer.since + kNew > now;
    });
  };
  std::size_t before_self = 0;
  for (const ContactRef ref : closest_) {
    if (book.closer(ref, context_->self, key) && !is_new(ref)) ++before_self;
    if (before_self == kGivers) return;
  }
  for (const Newcomer& newcomer : newcomers_) {
    if (newcomer.given != Given::in_this_pass) continue;
    const auto before = std::count_if(closest_.begin(), closest_.end(), [&](ContactRef ref) {
      return ref != newcomer.ref && book.closer(ref, newcomer.ref, key);
    });
    const std::size_t self = book.closer(context_->self, newcomer.ref, key) ? 1 : 0;
    if (static_cast<std::size_t>(before) + self < k) takers_.push_back(newcomer.ref);
  }
}

// One pass over the keys for all newcomers that there are when it begins.
Turn RecordUpkeep::hand_over() {
  if (hand_over_from_ == Key{}) {
    for (Newcomer& newcomer : newcomers_) {
      if (newcomer.given == Given::no && may_take(newcomer)) newcomer.given = Given::in_this_pass;
    }
  }
  std::size_t bytes = 0;
  std::size_t handed = 0;
  const auto next =
      context_->records->visit_from(hand_over_from_, kPiece, [&](const Key& key, auto& entries) {
        if (handed >= kHandedOver) return false;
        const bool any = std::any_of(entries.begin(), entries.end(),
                                     [&](const Entry& entry) { return passes_on(entry); });
        if (!any) return true;
        find_takers(key);
        for (const ContactRef taker : takers_) {
          for (const Entry& entry : entries) {
            if (!passes_on(entry)) continue;
            bytes += storage_->pass_on(taker, key, entry);
            ++handed;
          }
        }
        return true;
      });
  hand_over_from_ = next.value_or(Key{});
  if (!next) {
    for (Newcomer& newcomer : newcomers_) {
      if (newcomer.given == Given::in_this_pass) newcomer.given = Given::yes;
    }
  }
  return {bytes, Maintenance::kShortest};
}

// ----- expire -----

Turn RecordUpkeep::expire() {
  RecordStore& records = *context_->records;
  const auto next = records.drop_expired(expire_from_, kPiece, context_->host.now());
  expire_from_ = next.value_or(Key{});
  if (next) return {0, Maintenance::kShortest};
  if (records.size() == 0) return {};
  return {0, context_->protocol.sweep_interval};
}

}  // namespace macula::dht
