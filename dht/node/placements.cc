#include "dht/node/placements.h"

#include <algorithm>
#include <utility>

#include "dht/node/served_calls.h"

namespace macula::dht {

bool Placements::works() const {
  const Protocol& protocol = context_->protocol;
  return protocol.maintenance && protocol.expiry && protocol.placement == Placement::lookup &&
         !stopped_;
}

Duration Placements::drawn(Duration most) const {
  return jittered_within(context_->host, draws::kPlacement, most);
}

void Placements::try_within(Duration most) {
  const Time now = context_->host.now();
  const Time next = now + drawn(most);
  try_at_ = try_at_ > now ? std::min(try_at_, next) : next;
}

// Should its end never be heard of, since it was cancelled, it is tried again then.
void Placements::began(Publication& publication) {
  if (publication.place_at == kTimeMax) return;
  const Protocol& protocol = context_->protocol;
  publication.place_at =
      works() ? context_->host.now() + protocol.deadline + protocol.query_timeout : kTimeMax;
  publication.missed.clear();
  publication.missed_at = kTimeMax;
  publication.asked_missed = 0;
  plan();
}

void Placements::sent(const Key& key, bool provider, Time at, const StoreResult& result) {
  Publication* publication = storage_->publications().find_any(key, provider);
  if (publication == nullptr || publication->published != at) return;
  if (!works()) {
    settle(*publication);
    return;
  }
  const bool fresh = publication->place_at != kTimeMax;
  publication->missed = result.search.missed;
  publication->reach = reach_of(result.search.closest, key);
  publication->asked_missed = fresh ? 0 : kMostMissed;
  const bool few = result.search.closest.size() < context_->protocol.k;
  if (result.search.closest.empty() || (few && !publication->missed.empty())) {
    publication->missed.clear();  // all are tried again
    failed(*publication);
  } else if (fresh || context_->client) {
    if (!result.search.closest.empty()) ask(*publication, result.search.closest.front(), false);
  }
  ask_missed(*publication);
  settle(*publication);
  plan();
}

std::uint64_t Placements::reach_of(const std::vector<ContactRef>& closest, const Key& key) const {
  if (closest.size() < context_->protocol.k) return ~std::uint64_t{0};
  return context_->book.prefix(closest.back()) ^ key.words[0];
}

void Placements::ask(const Publication& publication, ContactRef contact, bool missed) {
  const std::size_t slot =
      asked_.add({publication.key, publication.provider, missed, publication.published});
  wire::Message message = wire::Ping{context_->now_ms()};
  if (context_->client && !missed) message = wire::FindValue{publication.key};
  context_->request(contact, std::move(message), context_->protocol.query_timeout,
                    make_token(Concern::placement, slot, contact));
}

void Placements::ask_missed(Publication& publication) {
  publication.missed_at = kTimeMax;
  for (const ContactRef contact : publication.missed) ask(publication, contact, true);
  if (publication.missed.empty()) return;
  if (publication.asked_missed + 1 >= kMostMissed) return;
  publication.missed_at = context_->host.now() + drawn(kMissedPause);
  ++publication.asked_missed;
}

void Placements::failed(Publication& publication) {
  publication.place_at = context_->host.now();
  if (in_vain_) retry_ = std::min<Duration>(2 * retry_, kLongestRetry);
  in_vain_ = true;
  try_within(retry_);
}

void Placements::settle(const Publication& publication) {
  if (!publication.withdrawn || publication.place_at != kTimeMax) return;
  if (publication.missed_at != kTimeMax || !publication.missed.empty()) return;
  storage_->publications().forget(publication.key, publication.provider);
}

// ----- answers -----

void Placements::on_reply(Token token, wire::Message& message) {
  const Asked asked = asked_.take(token_slot(token));
  Publication* publication = storage_->publications().find_any(asked.key, asked.provider);
  if (publication == nullptr) return;
  if (asked.missed) {
    const ContactRef from = token_contact(token);
    auto& missed = publication->missed;
    missed.erase(std::remove(missed.begin(), missed.end(), from), missed.end());
    if (missed.empty()) publication->missed_at = kTimeMax;
    if (const auto* entries = context_->records->find(asked.key)) {
      for (const RecordStore::Entry& entry : *entries) {
        const bool lives = !entry.over(context_->host.now()) && entry.expires != kTimeMax;
        if (entry.own && lives) storage_->pass_on(from, asked.key, entry);
      }
    }
  } else if (publication->published == asked.published) {
    publication->place_at = kTimeMax;
    retry_ = kFirstRetry;
    in_vain_ = false;
    try_at_ = context_->host.now();
  }
  settle(*publication);
  if (const auto* reply = std::get_if<wire::FindValueReply>(&message)) {
    wire::for_each_record(*reply,
                          [&](const wire::Record& record) { storage_->learn(asked.key, record); });
  }
  plan();
}

void Placements::on_failure(Token token) {
  const Asked asked = asked_.take(token_slot(token));
  Publication* publication = storage_->publications().find_any(asked.key, asked.provider);
  if (publication == nullptr || asked.missed || publication->published != asked.published) return;
  if (publication->place_at != kTimeMax) failed(*publication);
  plan();
}

// ----- again -----

// A withdrawal is of use to nobody once the value has ended.
void Placements::ask_returned(ContactRef contact) {
  const Time now = context_->host.now();
  const std::uint64_t prefix = context_->book.prefix(contact);
  std::vector<std::pair<Key, bool>> over;
  storage_->publications().for_each([&](Publication& publication) {
    if (publication.withdrawn && publication.published + context_->protocol.ttl <= now) {
      over.emplace_back(publication.key, publication.provider);
      return;
    }
    if (publication.place_at != kTimeMax || publication.published + kLong > now) return;
    if ((prefix ^ publication.key.words[0]) >= publication.reach) return;
    auto& missed = publication.missed;
    missed.erase(std::remove(missed.begin(), missed.end(), contact), missed.end());
    if (missed.size() == kMostKept) missed.erase(missed.begin());
    missed.push_back(contact);
    if (publication.missed_at != kTimeMax) return;
    publication.asked_missed = kMostMissed;
    publication.missed_at = now + drawn(kSoon);
  });
  for (const auto& [key, provider] : over) storage_->publications().forget(key, provider);
}

void Placements::hurry(ContactRef contact) {
  if (!works()) return;
  ask_returned(contact);
  if (first_unplaced() != nullptr) {
    retry_ = kFirstRetry;
    try_within(kSoon);
  }
  plan();
}

void Placements::lost_all() {
  if (!works()) return;
  const Time now = context_->host.now();
  storage_->publications().for_each([&](Publication& publication) {
    if (!publication.withdrawn && publication.place_at == kTimeMax) publication.place_at = now;
  });
}

void Placements::resume() {
  storage_->publications().for_each([](Publication& publication) {
    publication.missed.clear();
    publication.missed_at = kTimeMax;
  });
  plan();
}

void Placements::stop() {
  stopped_ = true;
  if (timer_ != kNoTimer) context_->host.cancel_timer(timer_);
  timer_ = kNoTimer;
}

Publication* Placements::first_unplaced() const {
  Publication* first = nullptr;
  storage_->publications().for_each([&](Publication& publication) {
    if (publication.place_at == kTimeMax) return;
    if (first == nullptr || publication.place_at < first->place_at) first = &publication;
  });
  return first;
}

// Alone there is nobody to try: whoever is met first brings the turn (hurry).
void Placements::plan() {
  if (!works()) return;
  Time next = kTimeMax;
  storage_->publications().for_each(
      [&](const Publication& publication) { next = std::min(next, publication.missed_at); });
  const Publication* first = first_unplaced();
  if (first != nullptr && context_->table.size() > 0) {
    next = std::min(next, std::max(first->place_at, try_at_));
  }
  if (timer_ != kNoTimer) {
    if (next != kTimeMax && timer_at_ <= next) return;
    context_->host.cancel_timer(timer_);
    timer_ = kNoTimer;
  }
  if (next == kTimeMax) return;
  const Time now = context_->host.now();
  timer_at_ = std::max(next, now);
  timer_ = context_->host.set_timer(timer_at_ - now, make_token(Concern::placement_timer, 0));
}

void Placements::on_timer() {
  timer_ = kNoTimer;
  if (!works()) return;
  context_->application.on_turn(Chore::republish);
  const Time now = context_->host.now();
  std::vector<std::pair<Key, bool>> missed;
  storage_->publications().for_each([&](const Publication& publication) {
    if (publication.missed_at <= now) missed.emplace_back(publication.key, publication.provider);
  });
  for (const auto& [key, provider] : missed) {
    Publication* publication = storage_->publications().find_any(key, provider);
    if (publication == nullptr || publication->missed_at > now) continue;
    ask_missed(*publication);
    settle(*publication);
  }
  Publication* first = first_unplaced();
  if (first != nullptr && first->place_at <= now && try_at_ <= now && context_->table.size() > 0) {
    const Protocol& protocol = context_->protocol;
    const Key key = first->key;
    const bool provider = first->provider;
    try_at_ = now + (in_vain_ ? protocol.deadline + protocol.query_timeout : kPause);
    storage_->publish(*first, protocol.deadline, [](StoreResult&) {});
    const Publication* published = storage_->publications().find(key, provider);
    if (published != nullptr) context_->application.on_republished(key, published->value);
  }
  plan();
}

}  // namespace macula::dht
