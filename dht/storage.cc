#include "dht/storage.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include "dht/provider.h"
#include "dht/record_life.h"
#include "dht/record_reading.h"
#include "dht/wire/codec.h"

namespace macula::dht {

using Outcome = RecordStore::Outcome;

namespace {

bool is_held(Outcome outcome) {
  return outcome == Outcome::stored || outcome == Outcome::known;
}

}  // namespace

// ----- storing -----

RecordStore::Outcome Storage::put(const Key& key, const wire::Record& record, Life life,
                                  std::uint64_t sender, bool own) {
  RecordStore::Offer offer;
  offer.record = record;
  offer.published = life.published;
  offer.expires = life.expires;
  offer.first = life.first;
  offer.own = own;
  offer.sender = sender;
  const Outcome outcome = context_->records->put(key, std::move(offer), context_->host.now());
  if (is_held(outcome)) copies_.drop(key);
  if (outcome == Outcome::stored && !own) yield_to(key, record);
  if (is_held(outcome) && stored_) stored_(false);
  return outcome;
}

void Storage::yield_to(const Key& key, const wire::Record& newer) {
  if (newer.proof || publications_.size() == 0 || !provider_of(newer.value).empty()) return;
  const Publication* known = publications_.find(key, false);
  if (known == nullptr || known->sign || !known->value || !newer.value) return;
  if (!newer.withdrawn && *known->value == *newer.value) return;
  publications_.remove(key, false);
}

bool Storage::store_local(const Key& key, wire::SharedValue value) {
  const Protocol& protocol = context_->protocol;
  const wire::Record record = make_record(std::move(value), false, protocol);
  const Life life = life_of(record, context_->host.now(), protocol);
  return is_held(put(key, record, life, fold(context_->self_id()), false));
}

OperationId Storage::store(const Key& key, wire::SharedValue value, StoreOptions options,
                           StoreDone done) {
  return begin({key, std::move(value), false, options.sign, {}}, std::move(done));
}

OperationId Storage::advertise(const Key& service, StoreDone done) {
  return begin({service, nullptr, true, context_->protocol.sign_providers, {}}, std::move(done));
}

OperationId Storage::begin(Publication publication, StoreDone done) {
  publication.first = context_->host.now();
  Publication* added = publications_.add(publication);
  // Where there are too many already it is published this once.
  return publish(added != nullptr ? *added : publication, std::move(done));
}

OperationId Storage::publish(Publication& publication, StoreDone done) {
  const Protocol& protocol = context_->protocol;
  publication.published = context_->host.now();
  if (publication.provider) {
    publication.value = make_provider_record(context_->book.contact(context_->self),
                                             publication.published, protocol.ttl);
  }
  wire::Record record = make_record(publication.value, false, protocol);
  if (publication.sign) sign(publication.key, record);
  Life life = life_of(record, publication.published, protocol);
  life.first = publication.first;
  const Key key = publication.key;
  return place(
      key, std::move(record), life, protocol.deadline,
      [this, key, provider = publication.provider, done = std::move(done)](StoreResult& result) {
        note_placed(key, provider, result);
        done(result);
      });
}

void Storage::note_placed(const Key& key, bool provider, const StoreResult& result) {
  Publication* known = publications_.find(key, provider);
  if (known == nullptr || context_->shared_storage) return;
  known->placed = !result.replicas.empty();
  if (!known->placed) {
    if (stored_) stored_(true);
    known->retry = std::min(2 * known->retry, Publication::kLongestRetry);
  } else {
    known->retry = Publication::kFirstRetry;
  }
}

OperationId Storage::withdraw(const Key& key, bool provider, StoreDone done) {
  Publication* known = publications_.find(key, provider);
  if (known == nullptr || !context_->protocol.expiry) {
    StoreResult nothing;
    done(nothing);
    return {};
  }
  return take_back(*known, context_->protocol.deadline, std::move(done));
}

OperationId Storage::take_back(const Publication& publication, Duration deadline, StoreDone done) {
  const Key key = publication.key;
  wire::Record record = make_record(publication.value, true, context_->protocol);
  if (publication.sign) sign(key, record);
  publications_.remove(key, publication.provider);
  const Life life = life_of(record, context_->host.now(), context_->protocol);
  return place(key, std::move(record), life, deadline, std::move(done));
}

void Storage::withdraw_providers(Duration patience, std::function<void()> done) {
  std::vector<Publication> providers = publications_.providers();
  if (providers.empty() || !context_->protocol.expiry) {
    done();
    return;
  }
  struct Left {
    std::size_t providers;
    std::function<void()> done;
  };
  const auto left = std::make_shared<Left>(Left{providers.size(), std::move(done)});
  const Duration deadline = std::min(patience, context_->protocol.deadline);
  for (const Publication& provider : providers) {
    take_back(provider, deadline, [left](StoreResult&) {
      if (--left->providers == 0) left->done();
    });
  }
}

void Storage::sign(const Key& key, wire::Record& record) {
  if (signer_ == nullptr || record.lifetime_ms == 0) return;
  if (!own_key_) own_key_ = signer_->public_key();
  if (const auto* entries = context_->records->find(key)) {
    for (const RecordStore::Entry& entry : *entries) {
      const bool own = entry.proof && entry.proof->owner == *own_key_;
      if (own) publications_.saw_sequence(entry.proof->sequence);
    }
  }
  sign_record(key, record, publications_.next_sequence(context_->host.now()), *signer_);
}

OperationId Storage::place(const Key& key, wire::Record record, Life life, Duration deadline,
                           StoreDone done) {
  const bool stored = is_held(put(key, record, life, fold(context_->self_id()), true));
  if (context_->shared_storage || context_->protocol.placement == Placement::table) {
    StoreResult result{stored, {}, 0, {}};
    if (!context_->shared_storage) {
      context_->table.closest(key, context_->protocol.k,
                              [&](ContactRef ref) { result.replicas.push_back(ref); });
      send_to_replicas(key, std::move(record), life, result);
    }
    done(result);
    return {};
  }
  Searches::Goal goal;
  goal.target = key;
  goal.deadline = deadline;
  return searches_->start(goal, [this, key, record = std::move(record), life, stored,
                                 done = std::move(done)](SearchResult& search) {
    StoreResult result{stored, search.closest, 0, search};
    send_to_replicas(key, record, life, result);
    done(result);
  });
}

void Storage::send_to_replicas(const Key& key, wire::Record record, Life life,
                               StoreResult& result) {
  if (!set_ttl(record, life, context_->host.now())) return;
  for (const ContactRef replica : result.replicas) {
    wire::Message message = wire::Store{key, record};
    if (result.bytes == 0) {
      result.bytes = wire::encoded_size(message, context_->book) * result.replicas.size();
    }
    context_->send(replica, std::move(message));
  }
}

std::size_t Storage::pass_on(ContactRef to, const Key& key, const RecordStore::Entry& entry) {
  wire::Message message = wire::Store{key, tell(entry, context_->host.now())};
  const std::size_t bytes = wire::encoded_size(message, context_->book);
  context_->send(to, std::move(message));
  return bytes;
}

// ----- finding -----

OperationId Storage::find(const Key& key, const FindOptions& options, FindDone done) {
  const Protocol& protocol = context_->protocol;
  const bool local = options.local && context_->records->holds(key, context_->host.now());
  const bool enough = local && protocol.quorum == 1 && !options.beyond_own && is_current(key) &&
                      (!options.expects_signed || holds_proven(key));
  if (enough || !options.network || context_->shared_storage) {
    FindResult result;
    if (local) result.values = read(key, true, {});
    done(result);
    return {};
  }
  Searches::Goal goal;
  goal.target = key;
  goal.kind = Searches::Kind::find_value;
  goal.deadline = options.deadline.value_or(protocol.deadline);
  goal.first_word = protocol.quorum == 1;
  if (protocol.expiry) {
    goal.accept = [this, key, expected = options.expects_signed](FoundRecords& found) {
      return accept(key, found, expected);
    };
  }
  return searches_->start(
      goal, [this, key, local = options.local, done = std::move(done)](SearchResult& search) {
        FindResult result;
        result.values = read(key, local, search);
        result.timed_out = search.timed_out && result.values.empty();
        result.searched = true;
        result.search = std::move(search);
        done(result);
      });
}

bool Storage::is_forged(const Key& key, const wire::Record& record) {
  if (!record.proof || verifier_->valid(key, record)) return false;
  ++counts_.forged;
  return true;
}

bool Storage::accept(const Key& key, FoundRecords& found, bool expects_signed) {
  const auto bad = [&](const wire::Record& record) {
    return is_forged(key, record) || (record.proof && seen_.outdated(key, record));
  };
  const auto drop = [&](std::vector<wire::Record>& records) {
    records.erase(std::remove_if(records.begin(), records.end(), bad), records.end());
  };
  drop(found.records);
  drop(found.withdrawn);
  if (!expects_signed) return !found.records.empty();
  return std::any_of(found.records.begin(), found.records.end(),
                     [&](const wire::Record& record) { return is_proven(record); });
}

// By the key of the provider that it names where ids are bound to keys, as that of this node is.
bool Storage::is_proven(const wire::Record& record) {
  if (!record.proof) return false;
  if (!ids_are_bound_) {
    ids_are_bound_ = signer_ != nullptr && id_of_key(signer_->public_key()) == context_->self_id();
  }
  const auto provider = id_from_bytes(provider_of(record.value));
  return !*ids_are_bound_ || (provider && *provider == id_of_key(record.proof->owner));
}

bool Storage::holds_proven(const Key& key) {
  const Time now = context_->host.now();
  const auto* entries = context_->records->find(key);
  return entries != nullptr &&
         std::any_of(entries->begin(), entries->end(), [&](const RecordStore::Entry& entry) {
           return entry.live(now) && is_proven({entry.value, entry.proof});
         });
}

std::vector<wire::SharedValue> Storage::read(const Key& key, bool local,
                                             const SearchResult& search) {
  const Time now = context_->host.now();
  const auto* own = local ? context_->records->find(key) : nullptr;
  const RecordReading reading(key, own, search.found, context_->protocol, now);
  for (const RecordStore::Entry& entry : reading.newest()) {
    if (entry.expires == kTimeMax) continue;
    const wire::Record record = tell(entry, now);
    // It may be replayed when it has ended: its time left is not signed.
    seen_.saw(key, record, entry.expires + kLongestLife, now);
    if (own == nullptr) continue;
    put(key, record, {entry.published, entry.expires, entry.first}, fold(context_->self_id()),
        false);
  }
  for (const auto& [to, entry] : reading.repairs()) {
    ++counts_.repaired;
    pass_on(to, key, *entry);
  }
  if (takes_copies()) {
    auto copy = copy_to_leave(key, search, reading.newest(), context_->book, now);
    if (copy) context_->send(search.lacking, std::move(*copy));
  }
  return reading.values();
}

}  // namespace macula::dht
