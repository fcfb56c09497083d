#include "dht/node/table_upkeep.h"

#include <algorithm>

#include "dht/node/token.h"
#include "dht/wire/codec.h"

namespace macula::dht {
namespace {

constexpr Duration kHurry = std::chrono::seconds(1);

}  // namespace

TableUpkeep::TableUpkeep(Context& context, Searches& searches, Maintenance& maintenance,
                         const std::vector<ContactRef>& bootstrap)
    : context_(&context), searches_(&searches), maintenance_(&maintenance), bootstrap_(&bootstrap) {
  maintenance.add(Chore::refresh, *this);
  maintenance.add(Chore::probe, *this);
}

void TableUpkeep::start() {
  maintenance_->want(Chore::refresh, context_->protocol.refresh_interval);
  if (context_->protocol.evict) {
    maintenance_->want(Chore::probe, context_->protocol.questionable_after);
  }
}

Turn TableUpkeep::take_turn(Chore chore) {
  return chore == Chore::probe ? probe() : refresh();
}

// ----- refresh -----

Turn TableUpkeep::refresh() {
  if (refreshing_) return {};  // its end plans the next
  const BucketAges::Oldest oldest = context_->looked_up.oldest(context_->table.bucket_count());
  const Duration age = context_->host.now() - oldest.time;
  Searches::Goal goal;
  goal.names = true;
  if (returned_ != kNoContact) {
    goal.target = context_->self_id();
    goal.first.push_back(returned_);
    returned_ = kNoContact;
  } else if (vacant_ != 0) {
    const int bucket = __builtin_ctzll(vacant_);
    vacant_ &= vacant_ - 1;
    goal.target = context_->random_id_in(bucket);
  } else if (age < context_->protocol.refresh_interval / 2) {
    return {0, next_refresh()};
  } else {
    goal.target = context_->random_id_in(static_cast<int>(oldest.bucket));
    if (oldest.bucket == NodeId::kBits && !bootstrap_->empty()) {
      goal.first.push_back(
          (*bootstrap_)[context_->host.random(draws::kBootstrap) % bootstrap_->size()]);
    }
  }
  refreshing_ = true;
  searches_->start(goal, [this](SearchResult& result) { refresh_ended(result); });
  return {};
}

void TableUpkeep::refresh_ended(const SearchResult& result) {
  refreshing_ = false;
  maintenance_->spent(Chore::refresh, query_bytes(result.stats, context_->book));
  maintenance_->want(Chore::refresh, next_refresh());
}

Duration TableUpkeep::next_refresh() const {
  if (returned_ != kNoContact) return kReunion;
  if (vacant_ != 0) return kRefill;
  const Duration interval = context_->protocol.refresh_interval;
  const BucketAges::Oldest oldest = context_->looked_up.oldest(context_->table.bucket_count());
  const Duration age = context_->host.now() - oldest.time;
  if (age < interval / 2) return interval - age;
  // All that are due have their turns within the other half of the time.
  return interval / static_cast<int>(2 * (context_->table.bucket_count() + 1));
}

// ----- probe -----

void TableUpkeep::hurry() {
  if (hurried_ || !context_->protocol.evict) return;
  hurried_ = true;
  maintenance_->want(Chore::probe, kHurry);
}

void TableUpkeep::on_heard(ContactRef contact, RoutingTable::Heard heard) {
  const bool waits =
      heard == RoutingTable::Heard::contested || heard == RoutingTable::Heard::on_trial;
  if (waits) hurry();
  if (heard != RoutingTable::Heard::returned || returned_ != kNoContact) return;
  returned_ = contact;
  if (!refreshing_) maintenance_->want(Chore::refresh, kReunion);
}

void TableUpkeep::on_failed(ContactRef contact, RoutingTable::Failed failed) {
  hurry();
  if (failed != RoutingTable::Failed::vacant) return;
  const int bucket = context_->table.bucket_of(contact);
  if (bucket >= 64) return;  // the neighbourhood: the own id is looked up in its turn
  vacant_ |= std::uint64_t{1} << bucket;
  if (!refreshing_) maintenance_->want(Chore::refresh, kRefill);
}

Turn TableUpkeep::probe() {
  hurried_ = false;
  if (pinged_.size() >= kPings) return {};  // the end of one of them plans the next turn
  const Time now = context_->host.now();
  RoutingTable& table = context_->table;
  ContactRef chosen = table.to_probe(now, pinged_);
  const bool alone = table.size() == 0;
  if (chosen == kNoContact) chosen = table.dead().next_to_visit(now, alone).value_or(kNoContact);
  if (chosen == kNoContact) {
    const Time next = std::min(table.next_questionable(now), table.dead().next_visit(alone));
    return {0, next == kTimeMax ? context_->protocol.questionable_after : next - now};
  }
  // All that fall silent together have their turns within the other half of the time.
  const auto entries = static_cast<int>(table.size() + 1);
  return {ping(chosen), std::max(table.patience() / (2 * entries), Maintenance::kShortest)};
}

std::size_t TableUpkeep::ping(ContactRef contact) {
  wire::Message message = wire::Ping{context_->now_ms()};
  const std::size_t bytes = wire::encoded_size(message, context_->book);
  pinged_.push_back(contact);
  context_->request(contact, std::move(message), context_->protocol.query_timeout,
                    make_token(Concern::probe, 0, contact));
  return bytes;
}

void TableUpkeep::on_pinged(ContactRef contact) {
  const bool waited = pinged_.size() >= kPings;
  pinged_.erase(std::find(pinged_.begin(), pinged_.end(), contact));
  if (waited) hurry();
}

}  // namespace macula::dht
