// An iterative lookup: whom to ask next, and when to stop. Pure state, no host.
//
//   Lookup lookup(book, self, target, rules);
//   lookup.add_start(contacts);                      // the k closest that are known
//   while (auto ref = lookup.next()) ask(*ref);      // up to alpha in flight
//   lookup.on_answer(ref, nodes);                    // or on_failure(ref); then next() again
//   if (lookup.finished()) use(lookup.closest());
//
// Each candidate has one state: heard; asked; slow, from when it has been silent for as long as
// such a peer usually takes (dht/table/round_trip.h); answered; failed. The lookup asks only
// candidates among its k closest that have not failed, each at most once.
//
// A candidate is a node at an address. While one that was named at two addresses is asked at the
// first, the other waits; where the first leads to nothing, it is asked at the second.
//
// A slow candidate most likely is dead, but not surely. It frees its slot, so that another is asked
// in its place, and as with a failed one the lookup asks past it: else every stale contact would
// cost the whole timeout of a request. Its place among the candidates it keeps: an answer that
// comes late counts as any other, once, and the candidate stands where it belongs. (As in libp2p;
// BitTorrent's libtorrent asks past it, but waits for it in the end.) With rule `slot` it keeps its
// place among the k closest, as a failed one does; with rule `no-change` its round goes on, but is
// not over before it has answered or failed.
//
// The lookup ends (rule `paper`) when the k closest that are neither failed nor slow have all
// answered and no other is asked. With fewer than k it waits for the slow ones: where a whole
// network has become slow, its lookups do not come to nothing. How long it waits is its owner's to
// say, which may end it at any time (dht/node/search.cc). Each request leads to an answer or a
// failure, either of which takes one candidate out of `heard`, `asked` and `slow` for good, and
// there are finitely many candidates: so it ends.
//
// A round is over when no request of it is asked any more. With `widen`, after one that brought
// nothing closer than the closest known, up to k are asked at once (Kademlia, 2002, section 2.3).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "base/violation.h"
#include "dht/contact/contact_book.h"
#include "dht/contact/contact_list.h"
#include "dht/contact/node_id.h"
#include "dht/protocol.h"
#include "dht/transport.h"

namespace macula::dht {

struct LookupRules {
  std::uint32_t k = 20;
  std::uint32_t alpha = 3;
  StopRule stop = StopRule::paper;
  bool sequential = false;
  bool widen = false;  // rules `paper` and `slot`, unless sequential
  // Slow ones among the k closest are waited for, though others are asked in their places.
  bool waits = false;
};

// The cost of a lookup. Three measures of hops, because papers mix them.
struct LookupStats {
  // 0 if the searcher is itself one of the k closest; else 1 if one of them stood in its own table;
  // else 1 plus the referrals to the first of them it heard of.
  std::uint32_t depth = 0;
  std::uint32_t rounds = 0;  // longest chain of requests, each sent after an earlier outcome
  std::uint32_t rpcs = 0;
  std::uint32_t failures = 0;
  std::uint32_t timeouts = 0;  // among the failures
  std::uint32_t slow = 0;      // candidates that were slow at some time
};

class Lookup {
 public:
  enum class State : std::uint8_t { heard, asked, slow, answered, failed };

  struct Candidate {
    std::uint64_t distance;  // its first 64 bits
    ContactRef ref;
    std::uint16_t order;  // of first hearing
    std::uint8_t depth;   // 1: from the own table; else one more than its referrer
    State state;
  };

  struct Outstanding {
    ContactRef ref;
    std::uint16_t chain;  // length of the chain of requests that ends here
    std::uint8_t depth;
    bool slow = false;
    // For the owner: what was sent, when, and when its receiver becomes slow.
    RequestId request{};
    Time sent{};
    Time slow_at = kTimeMax;
  };

  Lookup(const ContactBook& book, const NodeId& self, const NodeId& target,
         const LookupRules& rules);

  // Contacts to start from. Before the first next().
  void add_start(ContactRef contact) { add(contact, 1); }
  void add_start(const ContactList& contacts) { add_all(contacts.begin(), contacts.end(), 1); }
  // One who is asked before all others, however far from the target. Before the first next(). Rule
  // no_change, of Macula 0.8, asks such ones in their turn.
  void add_first(ContactRef contact);
  // One more from the own table, at any time. False where it is known, or is of no use.
  bool offer(ContactRef contact);
  [[nodiscard]] bool knows(ContactRef contact) const;
  // Asked in vain so far, slow or failed, and nearer than the last of `closest`.
  [[nodiscard]] std::vector<ContactRef> missed() const;

  // The peer to ask now; the candidate becomes `asked`. Nothing: wait for outcomes, or finished.
  [[nodiscard]] std::optional<ContactRef> next();
  // The request just sent for the last next().
  void set_request(RequestId request, Time sent, Time slow_at) {
    outstanding_.back().request = request;
    outstanding_.back().sent = sent;
    outstanding_.back().slow_at = slow_at;
  }

  // The outcome of an asked or slow candidate, whose request is returned. Outcomes of others are
  // ignored. An answer with more than 20 nodes, or k, gives only its closest.
  std::optional<Outstanding> on_answer(ContactRef from, const ContactList& nodes);
  std::optional<Outstanding> on_failure(ContactRef from, Failure failure);
  // An asked candidate has been silent for long; its outcome is still awaited.
  void on_slow(ContactRef contact);
  // From now on without the rule `waits`.
  void wait_no_more() { rules_.waits = false; }

  // Nothing is left to send, nor to wait for. Slow candidates may still be outstanding.
  [[nodiscard]] bool finished() const { return finished_; }
  // How many may be asked at a time, slow ones apart.
  [[nodiscard]] std::size_t parallelism() const;

  // The closest nodes that answered, at most k, nearest first.
  [[nodiscard]] std::vector<ContactRef> closest() const;
  // How many those are.
  [[nodiscard]] std::size_t answered() const;
  // The k closest heard of, whether they answered, failed or were never asked, nearest first.
  [[nodiscard]] std::vector<ContactRef> closest_heard() const;
  [[nodiscard]] LookupStats stats() const;
  [[nodiscard]] const NodeId& target() const { return target_; }
  [[nodiscard]] const ContactBook& book() const { return *book_; }
  [[nodiscard]] const LookupRules& rules() const { return rules_; }
  [[nodiscard]] const std::vector<Candidate>& candidates() const { return candidates_; }
  [[nodiscard]] const std::vector<Outstanding>& outstanding() const { return outstanding_; }
  // Requests in flight to candidates that are not slow.
  [[nodiscard]] std::size_t asked() const { return outstanding_.size() - slow_; }

  // All whose handles it has in hand.
  void keep_contacts(ContactMarks& marks) const;

  // An invariant that it breaks: more asked at a time than may be, candidates out of order or
  // counted wrongly, its own node among them.
  [[nodiscard]] Violation violation() const;
  // Whether that holds as far as it can be told without a look at each candidate.
  [[nodiscard]] bool is_progress_sound() const {
    return asked() <= std::max(rules_.alpha, rules_.widen ? rules_.k : 0) &&
           (!finished_ || asked() == 0);
  }

 private:
  // False where nothing was added.
  bool add(ContactRef contact, std::uint8_t depth);
  // Whether it is known, or gives way to another address of its node, for which it may wait.
  [[nodiscard]] bool stands_back(ContactRef contact, std::uint8_t depth);
  // The candidate has led to nothing: its node may be reached elsewhere.
  void try_other_addresses(ContactRef contact);
  // Its node has answered: it is not asked elsewhere.
  void drop_other_addresses(ContactRef contact);
  // All that an answer names.
  void add_named(const ContactList& nodes, std::uint8_t depth);
  void add_closest(const ContactList& nodes, std::uint8_t depth);
  void add_all(const ContactRef* begin, const ContactRef* end, std::uint8_t depth);
  // Contacts that are to be candidates.
  struct Fresh {
    explicit Fresh(const Lookup& lookup)
        : full(lookup.candidates_.size() >= lookup.candidate_limit()) {}

    bool full;  // then none that would be the last
    std::size_t count = 0;
    std::array<Candidate, ContactList::kInPlace> nearest;  // first
  };
  void enter(Fresh& fresh, ContactRef contact, std::uint8_t depth);
  // Empties it; how many of them are candidates now.
  std::size_t merge(Fresh& fresh);
  [[nodiscard]] std::size_t candidate_limit() const;
  // The first 64 bits of its distance to the target.
  [[nodiscard]] std::uint64_t distance_of(ContactRef contact) const {
    return book_->prefix(contact) ^ target_.words[0];
  }
  // Whether it can be asked at all, and is not the node that asks.
  [[nodiscard]] bool is_of_use(ContactRef contact) const {
    return !book_->has_id(contact, self_) && book_->is_routable(contact);
  }
  [[nodiscard]] bool before(const Candidate& a, std::uint64_t distance, ContactRef ref) const {
    return a.distance != distance ? a.distance < distance : before_at_tie(a, ref);
  }
  [[nodiscard]] bool before_at_tie(const Candidate& a, ContactRef ref) const;
  // The position of the first candidate that is not nearer.
  [[nodiscard]] std::size_t position(std::uint64_t distance, ContactRef ref) const;
  // The asked candidate's outcome is in: returns its bookkeeping, or nothing if it was not asked.
  std::optional<Outstanding> settle(ContactRef from, State outcome);
  [[nodiscard]] Candidate& candidate(ContactRef contact);
  void mark(Candidate& candidate, State state) {
    candidate.state = state;
    in_vain_ = in_vain_ || state == State::failed || state == State::slow;
  }
  [[nodiscard]] bool steps_over(State state) const;
  [[nodiscard]] Candidate* first_to_ask();
  [[nodiscard]] bool complete() const;
  void end_round();
  std::optional<ContactRef> ask(Candidate& candidate);
  std::optional<ContactRef> next_in_round();
  void drop_heard_beyond(std::size_t limit);
  // The rest of a handle behind the bits that say where it is kept; 0 is nobody.
  [[nodiscard]] static std::uint32_t tag_of(ContactRef contact) {
    return static_cast<std::uint32_t>(contact) / kRecent + 1;
  }
  [[nodiscard]] bool is_recent(ContactRef contact) const {
    return recent_[static_cast<std::uint32_t>(contact) % kRecent] == tag_of(contact);
  }
  // A contact that does not fit is searched for each time.
  void note_recent(ContactRef contact) {
    const std::uint32_t tag = tag_of(contact);
    if (tag > std::numeric_limits<std::uint16_t>::max()) return;
    recent_[static_cast<std::uint32_t>(contact) % kRecent] = static_cast<std::uint16_t>(tag);
  }
  void forget_recent(ContactRef contact) {
    if (is_recent(contact)) recent_[static_cast<std::uint32_t>(contact) % kRecent] = 0;
  }

  static constexpr std::uint32_t kRecent = 256;

  // First what every answer needs.
  std::vector<Candidate> candidates_;  // nearest first
  std::vector<Outstanding> outstanding_;
  const ContactBook* book_;
  NodeId target_;
  LookupRules rules_;
  std::uint16_t heard_ = 0;
  std::uint16_t longest_chain_done_ = 0;   // among requests whose outcome is in
  std::uint16_t round_chain_ = 1;          // the round's requests have chains up to this
  ContactRef round_closest_ = kNoContact;  // the closest heard of as it began
  std::uint32_t slow_ = 0;                 // among those outstanding
  bool widened_ = false;
  bool in_vain_ = false;  // some candidate was asked in vain, or is slow
  LookupStats stats_;
  bool finished_ = false;
  std::uint32_t asked_before_ = 0;  // no candidate before this one is still to be asked
  // Those to be asked next, last first: with rule no_change of this round, else of add_first.
  std::vector<ContactRef> round_;
  std::vector<std::pair<ContactRef, std::uint8_t>> elsewhere_;  // other addresses, with depths
  NodeId self_;
  std::vector<ContactRef> round_list_;  // rule no_change: the k-list when the round began
  // The candidates heard of last, by the low bits of their handles: most contacts of most answers
  // are known already, and need no search then.
  std::array<std::uint16_t, kRecent> recent_{};
};

}  // namespace macula::dht
