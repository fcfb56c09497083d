// Storing, finding and withdrawing records: the node's own store first, then the network.
//
// A record goes to the k nodes closest to its key (Kademlia, 2002, section 2.3), found by a lookup
// or, in Macula 0.8, taken from the own table. STORE has no answer: a store is done once it is
// sent. A value that was stored is stored again until it is withdrawn (dht/node/record_upkeep.h).
//
// A find with a quorum of one takes the first holder's word. With a greater one all of the k
// closest are asked, and the newest versions that any of them holds are returned; those whose
// copies are older are sent the newest. So is a node that stores an older version than the one held
// here. The closest node seen that had none is left a copy (dht/record/copies.h).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dht/node/rivals.h"
#include "dht/node/search.h"
#include "dht/record/copies.h"
#include "dht/record/publications.h"
#include "dht/record/record_life.h"
#include "dht/record/record_signature.h"
#include "dht/record/seen_versions.h"

namespace macula::dht {

struct StoreOptions {
  bool sign = false;
};

struct StoreResult {
  bool stored = false;               // held here; false: the node's own limit refused it
  std::vector<ContactRef> replicas;  // whom STORE was sent to
  std::size_t bytes = 0;             // of those
  SearchResult search;
};

struct FindOptions {
  bool local = true;                 // the node's own records are read first
  bool network = true;               // then others are asked
  std::optional<Duration> deadline;  // in place of the protocol's
  bool beyond_own = false;           // others are asked even where the own records have an answer
  // A record that is not signed by whoever it names ends no find: it is returned only where all who
  // were asked have no better one.
  bool expects_signed = false;
  // Is shown each value that others give, once, as it comes in. The find goes on where it asks more
  // than one holder (quorum), and in the end returns the newest. It may begin other operations, and
  // cancel none.
  std::function<void(const wire::SharedValue&)> on_value{};
};

struct FindResult {
  std::vector<wire::SharedValue> values;  // empty: not found
  bool timed_out = false;
  bool searched = false;    // the network was asked
  bool unanswered = false;  // and nobody answered, or nobody is known
  SearchResult search;
};

// Why there are no values: timeout; unreachable, where it went unanswered: there may be some all
// the same; else not_found.
[[nodiscard]] std::string_view why_none(const FindResult& result);

class Placements;

class Storage {
 public:
  using StoreDone = std::function<void(StoreResult&)>;
  using FindDone = std::function<void(FindResult&)>;
  // A record has come in that was not held, or has been heard of again. `own_is_behind`: and it is
  // a later version of one that this node publishes.
  using Stored = std::function<void(bool own_is_behind)>;

  struct Counts {
    std::uint64_t forged = 0;    // records of others refused: their signature is not their owner's
    std::uint64_t refusals = 0;  // records of this node that others say they do not hold
    std::uint64_t repaired = 0;  // newer records sent to those who had older ones
  };

  // `signer`: nothing where this node signs nothing; `verifier`: nothing for one of its own.
  Storage(Context& context, Searches& searches, const Signer* signer, Verifier* verifier);
  ~Storage();
  Storage(const Storage&) = delete;
  Storage& operator=(const Storage&) = delete;

  void listen(Stored stored) { stored_ = std::move(stored); }

  // In the own store only, and not stored again.
  bool store_local(const Key& key, wire::SharedValue value);
  // Each returns the name of the search that it has begun, if any, for `Searches::cancel`. Records
  // put into the own store by then, or to be published again, remain.
  OperationId store(const Key& key, wire::SharedValue value, StoreOptions options, StoreDone done);
  // This node's provider record.
  OperationId advertise(const Key& service, StoreDone done);
  // Takes back what this node stored or advertised under the key; `stored` says whether it had.
  // Nodes of Macula 0.8 keep their copies.
  OperationId withdraw(const Key& key, bool provider, StoreDone done);
  // Takes back all provider records of this node; `done` is called once, with the last of them, at
  // the latest after `patience`.
  void withdraw_providers(Duration patience, std::function<void()> done);
  // The done function may be called before find returns: when the node itself has the answer.
  OperationId find(const Key& key, const FindOptions& options, FindDone done);

  // Continues what an earlier node of the same identity published.
  void take_over(const Storage& former);
  // A publication, once more: a withdrawn one, too.
  OperationId publish(Publication& publication, Duration deadline, StoreDone done);
  // The same at the closest of nodes among which are the k closest to its key: without a lookup.
  // Returns the bytes of the messages.
  std::size_t publish_among(Publication& publication, const std::vector<ContactRef>& nodes);
  // A version that somebody else holds of what this node publishes.
  void learn(const Key& key, const wire::Record& record);
  // A record held here, to somebody else: the bytes of the message.
  std::size_t pass_on(ContactRef to, const Key& key, const RecordStore::Entry& entry);

  // Answers of this node to others.
  void on_store(const Sender& from, wire::Store& store);
  void on_refused(const wire::StoreRefused& refused);
  // To what placements and rivals have asked; nullptr: there is none.
  void on_answer(Token token, wire::Message* answer);
  // Taken only from a finder that was asked to leave one.
  void on_copy(const Sender& from, wire::LeaveCopy& copy);
  // The answer does not name its asker.
  [[nodiscard]] wire::FindNodeReply answer(const wire::FindNode& request, const Sender& from) const;
  [[nodiscard]] wire::FindValueReply answer(const wire::FindValue& request, const Sender& from);

  // Sees to it that what this node publishes reaches others (dht/node/placements.h).
  [[nodiscard]] Placements& placements();
  [[nodiscard]] bool places() const { return placements_ != nullptr; }
  // Requests under way: of placements, and about rivals.
  [[nodiscard]] std::size_t placing() const;
  [[nodiscard]] Publications& publications() { return publications_; }
  [[nodiscard]] const Publications& publications() const { return publications_; }
  [[nodiscard]] const Counts& counts() const { return counts_; }
  [[nodiscard]] const SeenVersions& seen() const { return seen_; }
  [[nodiscard]] const Copies& copies() const { return copies_; }

  // All whose handles it has in hand.
  void keep_contacts(ContactMarks& marks) const;

 private:
  // How a record comes in: `own` is what this node publishes.
  enum class By : std::uint8_t { store, own, reading };
  // `sender`: a hash of the key that its connection has proven.
  RecordStore::Outcome put(const Key& key, const wire::Record& record, Life life,
                           std::uint64_t sender, By by);
  // How old two rivals are by the word of whoever was asked (dht/node/rivals.h).
  void on_rival(Token token, wire::Message* answer);
  void hear_of_held(ContactRef writer, const Rivals::Rival& rival, const wire::Record& told);
  // The node to be asked before a record is taken, or not; kNoContact: none.
  [[nodiscard]] ContactRef knows_age(ContactRef from, const Key& key, const wire::Record& record,
                                     Life life) const;
  [[nodiscard]] bool wrote(ContactRef node, const wire::Record& record) const;
  // Takes a record that another node stores, and tells that node the outcome.
  void take(ContactRef from, std::uint64_t sender, const Key& key, const wire::Record& record,
            Life life);
  // As what this node writes unsigned is told to be its (wire::Record::writer).
  [[nodiscard]] std::uint64_t writer() const { return context_->self_id().words[0]; }
  // The record that is stored now, as it is to be told of.
  std::pair<wire::Record, Life> issue(Publication& publication);
  // The number of a new version of the publication.
  [[nodiscard]] std::uint64_t next_number(const Publication& publication);
  // Signs a record of this node's own, or says who wrote it.
  void mark(const Publication& publication, wire::Record& record);
  // Numbers and signs a record of this node's own.
  void sign(const Key& key, wire::Record& record);
  // Publishes it, and from now on again.
  OperationId begin(Publication publication, StoreDone done);
  // Puts the record into the own store, then sends it to those closest to its key.
  OperationId place(const Key& key, wire::Record record, Life life, Duration deadline,
                    StoreDone done);
  OperationId take_back(Publication publication, Duration deadline, StoreDone done);
  void send_to_replicas(const Key& key, wire::Record record, Life life, StoreResult& result);
  [[nodiscard]] bool accept(const Key& key, FoundRecords& found, bool expects_signed);
  // Whether it is signed by whoever may speak for the provider that it names.
  [[nodiscard]] bool is_proven(Standing standing);
  [[nodiscard]] bool holds_proven(const Key& key);
  // Whether its signature is not its owner's, which is counted.
  [[nodiscard]] bool is_forged(const Key& key, const wire::Record& record);
  // The values that all answers, and the own store, come to.
  [[nodiscard]] std::vector<wire::SharedValue> read(const Key& key, bool local,
                                                    const SearchResult& search);
  [[nodiscard]] bool takes_copies() const {
    return context_->protocol.leave_copies && context_->protocol.expiry;
  }
  void send_newer(ContactRef to, const Key& key, const wire::Record& than);
  void hear_of_own(const Key& key, const wire::Proof& proof);
  // Whether what is held under the key is a holder's word.
  [[nodiscard]] bool holds(const Key& key, const std::vector<RecordStore::Entry>* entries) const;
  // Whether its own user need not ask others: a holder's word, or what was written here just now.
  [[nodiscard]] bool is_current(const Key& key) const;
  // Somebody else has stored a newer value where this node publishes: it stops.
  void yield_to(const Key& key, const wire::Record& newer);

  Context* context_;
  Searches* searches_;
  const Signer* signer_;
  Verifier* verifier_;
  Stored stored_;
  Publications publications_;
  SeenVersions seen_;
  Copies copies_;
  std::unique_ptr<Placements> placements_;  // made with the first publication
  CopyRequests asked_for_copies_;
  Rivals rivals_{*context_};
  std::optional<wire::PublicKey> own_key_;  // once it has signed
  std::optional<bool> ids_are_bound_;       // to keys, as far as this node's is; once asked
  Counts counts_;
  Verifier own_verifier_;
};

}  // namespace macula::dht
