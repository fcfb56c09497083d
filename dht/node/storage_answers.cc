// The requests of others to a node's storage, and their messages.
#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include "dht/node/holders.h"
#include "dht/node/placements.h"
#include "dht/node/storage.h"
#include "dht/record/answer_room.h"
#include "dht/record/record_life.h"

namespace macula::dht {

using Outcome = RecordStore::Outcome;

namespace {

// Before all that has been published: the next turn of republishing is its.
constexpr Time kLongAgo{-std::chrono::hours(24 * 365)};

// By so much a publisher goes on whose version is older than one that has ended at a holder: its
// clock was set back by who knows how much.
constexpr std::uint64_t kLeap = std::uint64_t{24} * 3600 * 1000;

}  // namespace

void Storage::on_store(const Sender& from, wire::Store& store) {
  const Protocol& protocol = context_->protocol;
  const Time now = context_->host.now();
  wire::Record& record = store.record;
  const std::uint64_t sender = fold(from.id(context_->book));
  if (!protocol.expiry) {
    put(store.key, {std::move(record.value)}, {now, kTimeMax, now}, sender, By::store);
    return;
  }
  const bool told = record.lifetime_ms != 0 && from.contact != kNoContact;
  const auto refuse = [&](std::string_view reason) {
    if (told) context_->send(from.contact, wire::StoreRefused{store.key, std::string(reason)});
  };
  if (is_forged(store.key, record)) {
    refuse("bad_signature");
    return;
  }
  if (lives_too_long(record, protocol)) {
    refuse("too_long");
    return;
  }
  if (record.proof && own_key_ && record.proof->owner == *own_key_) {
    hear_of_own(store.key, *record.proof);
  }
  const Life life = life_of(record, now, protocol);
  if (told) {
    const ContactRef knows = knows_age(from.contact, store.key, record, life);
    if (knows != kNoContact &&
        rivals_.ask(knows, {store.key, record, life, sender, from.contact})) {
      return;
    }
  }
  take(told ? from.contact : kNoContact, sender, store.key, record, life);
}

void Storage::take(ContactRef from, std::uint64_t sender, const Key& key,
                   const wire::Record& record, Life life) {
  const Outcome outcome = put(key, record, life, sender, By::store);
  if (from == kNoContact) return;
  if (outcome == Outcome::stored && wrote(from, record)) rivals_.came(key, from);
  if (outcome == Outcome::older) {
    send_newer(from, key, record);
    return;
  }
  // Only the publisher hears of a record that has ended: it may have lost count.
  const bool by_publisher = record.ttl_ms == record.lifetime_ms;
  if (outcome >= Outcome::too_large || (outcome == Outcome::ended && by_publisher)) {
    context_->send(from, wire::StoreRefused{key, std::string(outcome_name(outcome))});
  }
}

bool Storage::wrote(ContactRef node, const wire::Record& record) const {
  return !record.proof && context_->book.id(node).words[0] == record.writer;
}

// A record that is younger by its own word may have been stuck on its way: its sender knows. The
// held one may have been, too, where its age tells against a writer: its writer knows.
ContactRef Storage::knows_age(ContactRef from, const Key& key, const wire::Record& record,
                              Life life) const {
  const RecordStore::Entry* held = context_->records->rival_of(key, record, context_->host.now());
  if (held == nullptr) return kNoContact;
  if (life.first > held->first) return from;
  const bool foreign = !held->own && held->writer != 0;
  return foreign && wrote(from, record) ? rivals_.writer_of(key, held->writer) : kNoContact;
}

void Storage::on_answer(Token token, wire::Message* answer) {
  if (token_concern(token) == Concern::rival) {
    on_rival(token, answer);
  } else if (answer != nullptr) {
    placements().on_reply(token, *answer);
  } else {
    placements().on_failure(token);
  }
}

void Storage::on_rival(Token token, wire::Message* answer) {
  const Rivals::Rival rival = rivals_.take(token);
  const ContactRef asked = token_contact(token);
  const auto* reply = answer != nullptr ? std::get_if<wire::FindValueReply>(answer) : nullptr;
  std::vector<wire::Record> told;
  const auto note = [&](const wire::Record& record) {
    if (record.proof || record.lifetime_ms == 0) return;
    if (lives_too_long(record, context_->protocol)) return;
    if (same_origin(record.value, nullptr, rival.record.value, nullptr)) told.push_back(record);
  };
  if (reply != nullptr) wire::for_each_record(*reply, note);
  if (asked != rival.from) {
    for (const wire::Record& record : told) hear_of_held(asked, rival, record);
    take(rival.from, rival.proven, rival.key, rival.record, rival.life);
    return;
  }
  // It knows no better of the writes of others, and a holder's word counts more.
  const bool by_writer = wrote(asked, rival.record);
  if (reply != nullptr && reply->outside && !by_writer) return;
  const Time now = context_->host.now();
  for (const wire::Record& record : told) {
    take(asked, rival.proven, rival.key, record, life_of(record, now, context_->protocol));
  }
  // A reader that has sent what it found elsewhere knows no better, either.
  if (told.empty() && (reply == nullptr || by_writer)) {
    take(asked, rival.proven, rival.key, rival.record, rival.life);
  }
}

// It may have given up itself what it wrote, and is held here, for what it tells of.
void Storage::hear_of_held(ContactRef writer, const Rivals::Rival& rival,
                           const wire::Record& told) {
  const Time now = context_->host.now();
  const RecordStore::Entry* held = context_->records->rival_of(rival.key, told, now);
  if (held != nullptr && held->writer == context_->book.id(writer).words[0]) {
    const wire::SharedValue given_up = held->value;
    context_->records->remove(rival.key, given_up, nullptr);
  }
  put(rival.key, told, life_of(told, now, context_->protocol), rival.proven, By::store);
}

void Storage::yield_to(const Key& key, const wire::Record& newer) {
  if (newer.proof || publications_.size() == 0 || !provider_of(newer.value).empty()) return;
  Publication* known = publications_.find(key, false);
  if (known == nullptr || known->sign || !known->value || !newer.value) return;
  constexpr std::uint64_t kLast = ~std::uint64_t{0};
  if (newer.writer != 0 && newer.writer == writer() && newer.number != kLast) {
    // It is of a former life of this node, which had come further: its present word comes after
    // that.
    if (newer.number <= known->number) return;
    known->number = newer.number + 1;
    known->published = kLongAgo;
    if (stored_) stored_(true);
    return;
  }
  if (!newer.withdrawn && *known->value == *newer.value) return;
  publications_.remove(key, false);
}

// A version that this node does not know of, or no more, is its own: it had come further once.
void Storage::hear_of_own(const Key& key, const wire::Proof& proof) {
  if (proof.sequence <= publications_.sequence()) return;
  publications_.saw_sequence(proof.sequence);
  for (const bool provider : {false, true}) {
    Publication* known = publications_.find(key, provider);
    if (known == nullptr) continue;
    known->published = kLongAgo;
    if (stored_) stored_(true);
  }
}

void Storage::learn(const Key& key, const wire::Record& record) {
  const Publication* known = publications_.find(key, false);
  if (known == nullptr || record.proof || record.lifetime_ms == 0) return;
  const bool own = record.writer != 0 && record.writer == writer();
  if (own && record.number <= known->number) return;
  if (lives_too_long(record, context_->protocol)) return;
  put(key, record, life_of(record, context_->host.now(), context_->protocol), 0, By::reading);
}

void Storage::send_newer(ContactRef to, const Key& key, const wire::Record& than) {
  const auto* entries = context_->records->find(key);
  if (entries == nullptr) return;
  for (const RecordStore::Entry& entry : *entries) {
    if (entry.over(context_->host.now()) || entry.expires == kTimeMax) continue;
    if (!same_origin(entry.value, entry.proof.get(), than.value, than.proof.get())) continue;
    ++counts_.repaired;
    pass_on(to, key, entry);
  }
}

// It leaps once for each version that it has published.
void Storage::on_refused(const wire::StoreRefused& refused) {
  ++counts_.refusals;
  if (refused.reason != outcome_name(Outcome::ended)) return;
  for (const bool provider : {false, true}) {
    Publication* known = publications_.find(refused.key, provider);
    if (known == nullptr || !known->sign || known->published == kLongAgo) continue;
    publications_.saw_sequence(publications_.sequence() + kLeap);
    known->published = kLongAgo;
    if (stored_) stored_(true);
  }
}

// Where a record is held, the holder knows better.
void Storage::on_copy(const Sender& from, wire::LeaveCopy& copy) {
  const Time now = context_->host.now();
  if (!takes_copies() || context_->records->find(copy.key) != nullptr) return;
  if (!asked_for_copies_.take(copy.key, from.id(context_->book), now)) return;
  const auto forged = [&](const wire::Record& record) { return is_forged(copy.key, record); };
  copy.records.erase(std::remove_if(copy.records.begin(), copy.records.end(), forged),
                     copy.records.end());
  const Duration keep = std::min<Duration>(std::chrono::milliseconds(copy.keep_ms), kLongestCopy);
  copies_.put(copy.key, entries_of(copy, context_->protocol, now), now + keep, now);
}

bool Storage::holds(const Key& key, const std::vector<RecordStore::Entry>* entries) const {
  const bool spare = entries != nullptr &&
                     std::all_of(entries->begin(), entries->end(),
                                 [](const RecordStore::Entry& entry) { return entry.spare; });
  return !spare && is_holder(*context_, key);
}

bool Storage::is_current(const Key& key) const {
  const Time now = context_->host.now();
  const auto* entries = context_->records->find(key);
  const bool just_written =
      entries != nullptr && std::all_of(entries->begin(), entries->end(), [&](const auto& entry) {
        return entry.own && entry.first + kLongestCopy > now;
      });
  return just_written || holds(key, entries);
}

wire::FindNodeReply Storage::answer(const wire::FindNode& request, const Sender& from) const {
  return {closest_known(*context_, request.target, from.contact)};
}

wire::FindValueReply Storage::answer(const wire::FindValue& request, const Sender& from) {
  wire::FindValueReply reply;
  const Time now = context_->host.now();
  const bool silent = context_->protocol.misses == Misses::empty;
  const auto* held = context_->records->find(request.key);
  const auto* entries = held != nullptr ? held : copies_.find(request.key, now);
  if (entries != nullptr) {
    std::vector<wire::Record> records;
    for (const RecordEntry* entry : that_fit(*entries, now)) {
      (entry->withdrawn ? reply.withdrawn : records).push_back(tell(*entry, now));
    }
    if (!records.empty()) {
      reply.result = std::move(records);
      reply.copy = entries != held;
      reply.outside = entries == held && !holds(request.key, held);
      if ((reply.copy || reply.outside) && !silent) {
        reply.closer =
            std::make_unique<ContactList>(closest_known(*context_, request.key, from.contact));
      }
      return reply;
    }
  }
  reply.result = silent ? ContactList{} : closest_known(*context_, request.key, from.contact);
  reply.copy = held == nullptr && takes_copies();
  if (reply.copy) asked_for_copies_.ask(request.key, from.id(context_->book), now);
  return reply;
}

}  // namespace macula::dht
