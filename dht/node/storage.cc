#include "dht/node/storage.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include "dht/node/placements.h"
#include "dht/record/provider.h"
#include "dht/record/record_life.h"
#include "dht/record/record_reading.h"
#include "dht/wire/codec.h"

namespace macula::dht {

using Outcome = RecordStore::Outcome;

namespace {

bool is_held(Outcome outcome) {
  return outcome == Outcome::stored || outcome == Outcome::known;
}

// Shows each value once, however many hold it.
class HandOver {
 public:
  explicit HandOver(std::function<void(const wire::SharedValue&)> show) : show_(std::move(show)) {}

  void operator()(const std::vector<wire::Record>& records) {
    for (const wire::Record& record : records) {
      if (record.value == nullptr) continue;
      const bool shown =
          std::any_of(shown_.begin(), shown_.end(),
                      [&](const wire::SharedValue& each) { return *each == *record.value; });
      if (shown) continue;
      shown_.push_back(record.value);
      show_(record.value);
    }
  }

 private:
  std::function<void(const wire::SharedValue&)> show_;
  std::vector<wire::SharedValue> shown_;
};

}  // namespace

std::string_view why_none(const FindResult& result) {
  if (result.timed_out) return "timeout";
  return result.unanswered ? "unreachable" : "not_found";
}

Storage::Storage(Context& context, Searches& searches, const Signer* signer, Verifier* verifier)
    : context_(&context),
      searches_(&searches),
      signer_(signer),
      verifier_(verifier != nullptr ? verifier : &own_verifier_) {}

Storage::~Storage() = default;

std::size_t Storage::placing() const {
  return (placements_ ? placements_->size() : 0) + rivals_.size();
}

void Storage::take_over(const Storage& former) {
  publications_ = former.publications_;
  if (publications_.size() > 0) placements().resume();
}

// ----- storing -----

RecordStore::Outcome Storage::put(const Key& key, const wire::Record& record, Life life,
                                  std::uint64_t sender, By by) {
  const bool own = by == By::own;
  RecordStore::Offer offer;
  offer.record = record;
  offer.published = life.published;
  offer.expires = life.expires;
  offer.first = life.first;
  offer.own = own;
  offer.read = by == By::reading;
  offer.sender = sender;
  const Outcome outcome = context_->records->put(key, std::move(offer), context_->host.now());
  if (is_held(outcome)) copies_.drop(key);
  if (outcome == Outcome::stored && !own) yield_to(key, record);
  if (is_held(outcome) && stored_) stored_(false);
  return outcome;
}

bool Storage::store_local(const Key& key, wire::SharedValue value) {
  const Protocol& protocol = context_->protocol;
  const wire::Record record = make_record(std::move(value), false, protocol);
  const Life life = life_of(record, context_->host.now(), protocol);
  return is_held(put(key, record, life, fold(context_->self_id()), By::store));
}

OperationId Storage::store(const Key& key, wire::SharedValue value, StoreOptions options,
                           StoreDone done) {
  return begin({key, std::move(value), false, options.sign, {}}, std::move(done));
}

OperationId Storage::advertise(const Key& service, StoreDone done) {
  return begin({service, nullptr, true, context_->protocol.sign_providers, {}}, std::move(done));
}

OperationId Storage::begin(Publication publication, StoreDone done) {
  publication.first = publication.place_at = context_->host.now();
  publication.number = next_number(publication);
  Publication* added = publications_.add(publication);
  // Where there are too many already it is published this once.
  return publish(added != nullptr ? *added : publication, context_->protocol.deadline,
                 std::move(done));
}

std::pair<wire::Record, Life> Storage::issue(Publication& publication) {
  const Protocol& protocol = context_->protocol;
  publication.published = context_->host.now();
  if (publication.provider && !publication.withdrawn) {
    publication.value = make_provider_record(context_->book.contact(context_->self),
                                             publication.published, protocol.ttl);
  }
  wire::Record record = make_record(publication.value, publication.withdrawn, protocol);
  mark(publication, record);
  Life life = life_of(record, publication.published, protocol);
  life.first = publication.first;
  placements().began(publication);
  return {std::move(record), life};
}

std::size_t Storage::publish_among(Publication& publication, const std::vector<ContactRef>& nodes) {
  auto [record, life] = issue(publication);
  const Key key = publication.key;
  StoreResult result;
  result.stored = is_held(put(key, record, life, fold(context_->self_id()), By::own));
  const ContactBook& book = context_->book;
  for (const ContactRef node : nodes) {
    if (!book.has_id(node, context_->self_id())) result.replicas.push_back(node);
  }
  const std::size_t count = std::min<std::size_t>(result.replicas.size(), context_->protocol.k);
  std::partial_sort(
      result.replicas.begin(), result.replicas.begin() + static_cast<std::ptrdiff_t>(count),
      result.replicas.end(), [&](ContactRef a, ContactRef b) { return book.closer(a, b, key); });
  result.replicas.resize(count);
  result.search.closest = result.replicas;
  send_to_replicas(key, std::move(record), life, result);
  placements().sent(key, publication.provider, publication.published, result);
  return result.bytes;
}

OperationId Storage::publish(Publication& publication, Duration deadline, StoreDone done) {
  auto [record, life] = issue(publication);
  const Key key = publication.key;
  return place(key, std::move(record), life, deadline,
               [this, key, provider = publication.provider, at = publication.published,
                done = std::move(done)](StoreResult& result) {
                 placements().sent(key, provider, at, result);
                 done(result);
               });
}

Placements& Storage::placements() {
  if (!placements_) placements_ = std::make_unique<Placements>(*context_, *this);
  return *placements_;
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

OperationId Storage::take_back(Publication publication, Duration deadline, StoreDone done) {
  publication.number = next_number(publication);
  publication.first = publication.place_at = context_->host.now();
  return publish(publications_.withdraw(std::move(publication)), deadline, std::move(done));
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

std::uint64_t Storage::next_number(const Publication& publication) {
  const std::uint64_t next = publications_.next_sequence(context_->host.now());
  const Publication* known = publications_.find(publication.key, publication.provider);
  return known != nullptr ? std::max(next, known->number + 1) : next;
}

void Storage::mark(const Publication& publication, wire::Record& record) {
  if (publication.sign) sign(publication.key, record);
  if (record.proof || record.lifetime_ms == 0) return;
  record.writer = writer();
  record.number = publication.number;
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
  const bool stored = is_held(put(key, record, life, fold(context_->self_id()), By::own));
  if (context_->protocol.placement != Placement::lookup) {
    StoreResult result{stored, {}, 0, {}};
    if (context_->protocol.placement == Placement::table) {
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
  goal.misses = true;
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
  const auto& replicas = result.replicas;
  const bool holds = result.stored && !context_->client && record.lifetime_ms != 0 &&
                     replicas.size() == context_->protocol.k &&
                     context_->book.closer(context_->self, replicas.back(), key);
  for (const ContactRef replica : replicas) {
    record.spare = holds && replica == replicas.back();
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
  if (enough || !options.network || protocol.placement == Placement::own) {
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
  goal.known = local;
  if (protocol.expiry) {
    goal.accept = [this, key, expected = options.expects_signed](FoundRecords& found) {
      return accept(key, found, expected);
    };
  }
  if (options.on_value) {
    goal.accept = [accept = std::move(goal.accept),
                   hand_over = HandOver(options.on_value)](FoundRecords& found) mutable {
      const bool gives = accept ? accept(found) : !found.records.empty();
      if (gives) hand_over(found.records);
      return gives;
    };
  }
  return searches_->start(
      goal, [this, key, local = options.local, done = std::move(done)](SearchResult& search) {
        FindResult result;
        result.values = read(key, local, search);
        result.timed_out = search.timed_out && result.values.empty();
        result.searched = true;
        result.unanswered = search.closest.empty();
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
  return std::any_of(found.records.begin(), found.records.end(), [&](const wire::Record& record) {
    return is_proven(standing_of(provider_of(record.value), record.proof.get()));
  });
}

// By the key of the provider that it names where ids are bound to keys, as that of this node is.
bool Storage::is_proven(Standing standing) {
  if (standing == Standing::not_signed) return false;
  if (!ids_are_bound_) {
    ids_are_bound_ = signer_ != nullptr && id_of_key(signer_->public_key()) == context_->self_id();
  }
  return !*ids_are_bound_ || standing == Standing::provider_key;
}

bool Storage::holds_proven(const Key& key) {
  const Time now = context_->host.now();
  const auto* entries = context_->records->find(key);
  return entries != nullptr &&
         std::any_of(entries->begin(), entries->end(), [&](const RecordStore::Entry& entry) {
           return entry.live(now) && is_proven(entry.standing);
         });
}

std::vector<wire::SharedValue> Storage::read(const Key& key, bool local,
                                             const SearchResult& search) {
  const Time now = context_->host.now();
  const auto* own = local ? context_->records->find(key) : nullptr;
  // Unsigned, from others, and it is no holder: a holder's word counts more.
  std::vector<RecordStore::Entry> proven;
  const bool heard = std::any_of(search.found.begin(), search.found.end(),
                                 [](const FoundRecords& found) { return !found.outside; });
  if (own != nullptr && heard && !holds(key, own)) {
    for (const RecordStore::Entry& entry : *own) {
      if (entry.own || entry.proof) proven.push_back(entry);
    }
    own = &proven;
  }
  const RecordReading reading(key, own, search.found, context_->protocol, now);
  for (const RecordStore::Entry& entry : reading.newest()) {
    if (entry.expires == kTimeMax) continue;
    const wire::Record record = tell(entry, now);
    // It may be replayed when it has ended: its time left is not signed.
    seen_.saw(key, record, entry.expires + kLongestLife, now);
    if (own == nullptr) continue;
    put(key, record, {entry.published, entry.expires, entry.first}, fold(context_->self_id()),
        By::reading);
  }
  for (const auto& [to, entry] : reading.repairs()) {
    ++counts_.repaired;
    pass_on(to, key, *entry);
  }
  if (takes_copies()) {
    auto copy =
        copy_to_leave(key, search.lacking, search.found, reading.newest(), context_->book, now);
    if (copy) context_->send(search.lacking, std::move(*copy));
  }
  return reading.values();
}

}  // namespace macula::dht
