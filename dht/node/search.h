// Lookups under way on one node: each asks its candidates, for nodes or for a value.
//
//   searches.start({target, Searches::Kind::find_value, deadline}, [](SearchResult&) { ... });
//
// One timer a search serves its deadline and the next moment at which somebody asked becomes slow.
// It is not moved when answers come, only when it fires, or to an earlier time: a lookup among live
// nodes needs one or two of them, however many it asks.
//
// The done function is called exactly once, after the search has been taken down; it may start
// another one, or cancel one. That of a search that is cancelled is never called.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "base/violation.h"
#include "dht/lookup/disjoint_lookup.h"
#include "dht/node/context.h"
#include "dht/node/operation_id.h"
#include "dht/node/slots.h"
#include "dht/record/found_records.h"

namespace macula::dht {

struct SearchResult {
  LookupStats stats;
  Duration elapsed{0};
  std::vector<ContactRef> closest;  // the k closest that answered, nearest first
  // Rule no_change only, whose list is settled before all of it was asked: the k closest heard of.
  std::vector<ContactRef> heard;
  // Where the goal asks for it: who has not answered, and is closer than the last of `closest`.
  std::vector<ContactRef> missed;
  std::vector<FoundRecords> found;  // of a find_value, in order of arrival
  // For a find_value: the closest node that has none, and would keep a copy.
  ContactRef lacking = kNoContact;
  bool timed_out = false;  // the deadline ended it
};

// The size of the queries that a search for nodes has sent: its cost to the budget of chores.
[[nodiscard]] std::size_t query_bytes(const LookupStats& stats, const ContactBook& book);

class Searches {
 public:
  using Done = std::function<void(SearchResult&)>;

  // Takes out what is not to be believed; says whether the rest holds a value.
  using Accept = std::function<bool(FoundRecords&)>;

  enum class Kind : std::uint8_t { find_node, find_value };

  struct Goal {
    NodeId target;
    Kind kind = Kind::find_node;
    std::optional<Duration> deadline;  // of the whole search
    std::vector<ContactRef> start{};   // known besides what the table knows
    std::vector<ContactRef> first{};   // asked before all others, however far from the target
    // A find_value ends with the first value, of a holder or a copy. Else it goes on until the k
    // closest have answered, as a find_node does, and waits for those of them that are slow. So
    // does one with `first_word` for a while, as long as it has found nothing.
    bool first_word = true;
    Accept accept{};      // nothing: every value counts
    bool names = false;   // whom it heard of and did not ask is named to the table
    bool misses = false;  // tells whom it missed (SearchResult::missed)
    bool known = false;   // its starter has a value already, and waits for nobody who is slow
  };

  // For so long, at the most, a find_value that k have answered waits for slow ones that are
  // closer.
  static constexpr Duration kLongestWait = std::chrono::seconds(2);
  // A peer still slow when a search ended is pinged within this time.
  static constexpr Duration kDoubt = std::chrono::seconds(1);

  explicit Searches(Context& context) : context_(&context) {}

  OperationId start(const Goal& goal, Done done);
  // Nothing happens where it has ended.
  void cancel(const OperationId& id);

  void on_reply(Token token, wire::Message& message);
  void on_failure(Token token, Failure failure);
  void on_timer(Token token);

  void keep_contacts(ContactMarks& marks) const;

  [[nodiscard]] std::size_t size() const { return searches_.size(); }
  // An invariant that a lookup under way breaks; or a lookup that is none any more.
  [[nodiscard]] Violation violation() const;
  // Whether that holds as far as it can be told without a look at each candidate.
  [[nodiscard]] bool is_progress_sound() const;

 private:
  struct Search {
    DisjointLookup lookup;
    Kind kind;
    bool names;
    Time started;
    Time deadline = kTimeMax;
    Time wake = kTimeMax;  // when the timer is due
    TimerId timer = kNoTimer;
    Done done{};
    Accept accept{};
    std::vector<FoundRecords> found{};
    bool first_word = true;
    bool misses = false;
    std::size_t offered = 0;  // of the table's contacts, the closest, to the lookup
    ContactRef lacking = kNoContact;
    std::uint64_t number = 0;  // of this operation
  };

  void note_lacking(Search& search, ContactRef from) const;
  // Takes a node's answer to a find_value; says whether the search is over.
  bool take_found(Search& search, ContactRef from, wire::FindValueReply& reply);

  // With fewer than k answered the lookup goes on with the next closest contacts that the table
  // knows; false where there are none.
  [[nodiscard]] bool offer_more(Search& search);
  // Sends what the lookup wants sent; ends the search when there is nothing left to do.
  void advance(std::size_t slot);
  // The timer fires then, or earlier.
  void wake_by(std::size_t slot, Time time);
  void finish(std::size_t slot, bool timed_out);
  // Ends all that the search waits for, and frees its slot.
  [[nodiscard]] Search take_down(std::size_t slot);
  void doubt(ContactRef contact);
  void note_size(const NodeId& target, const SearchResult& result) const;
  // Tells the application.
  void report(const SearchResult& result, Kind kind) const;

  Context* context_;
  Slots<Search> searches_;
};

}  // namespace macula::dht
