#include "dht/node/search.h"

#include <algorithm>
#include <utility>

#include "dht/node/maintenance.h"
#include "dht/node/served_calls.h"
#include "dht/node/token.h"
#include "dht/wire/codec.h"

namespace macula::dht {
namespace {

// Until when a lookup waits where only slow ones are left to wait for, and fewer than k answered:
// each for four times as long as such a peer usually takes (two doublings, as RFC 6298 backs off).
// While nobody has answered, it may be that all are far: then there is no such end, but the one of
// the requests. The usual time is asked anew as late answers come. Where k have answered, those may
// hold the value that was sought, but most likely are dead: then there is an end in any case.
std::optional<Time> end_of_patience(const DisjointLookup& lookup, const Context& context) {
  static constexpr int kPatience = 4;
  const Protocol& protocol = context.protocol;
  const auto& outstanding = lookup.outstanding();
  if (!lookup.only_slow() || protocol.stop == StopRule::no_change) return std::nullopt;
  const LookupStats stats = lookup.stats();
  if (stats.rpcs == stats.failures + outstanding.size()) return std::nullopt;
  const Duration longest =
      lookup.answered() < protocol.k ? Duration::max() : Searches::kLongestWait;
  Time end{};
  for (const Lookup::Outstanding& request : outstanding) {
    const Duration usual = context.round_trips.timeout(
        RoundTrips::key_of(context.book, request.ref), protocol.query_timeout);
    end = std::max(end, request.sent + std::min<Duration>(kPatience * usual, longest));
  }
  return end;
}

}  // namespace

OperationId Searches::start(const Goal& goal, Done done) {
  const Protocol& protocol = context_->protocol;
  const bool seeks = goal.kind == Kind::find_value && !goal.known;
  const LookupRules rules{protocol.k,          protocol.alpha, protocol.stop,
                          protocol.sequential, protocol.widen, !goal.first_word || seeks};
  Search search{DisjointLookup(Lookup(context_->book, context_->self_id(), goal.target, rules),
                               protocol.disjoint_paths),
                goal.kind, goal.names, context_->host.now()};
  search.done = std::move(done);
  search.accept = goal.accept;
  search.first_word = goal.first_word;
  search.misses = goal.misses;
  search.number = ++context_->operations;
  if (goal.deadline) search.deadline = search.started + *goal.deadline;
  if (protocol.maintenance) {
    context_->looked_up.touch(bucket_index(context_->self_id(), goal.target), search.started);
  }
  ContactList start;
  context_->table.closest_runs(
      goal.target, protocol.k,
      [&](const ContactRef* run, std::size_t count) { start.append(run, count); });
  search.offered = protocol.k;
  for (const ContactRef ref : goal.start) start.push_back(ref);
  search.lookup.add_start(start);
  for (const ContactRef ref : goal.first) search.lookup.add_first(ref);
  const Time deadline = search.deadline;
  OperationId id;
  id.number = search.number;
  id.slot = searches_.add(std::move(search));
  if (!protocol.adaptive_timeouts) wake_by(id.slot, deadline);
  advance(id.slot);
  return id;
}

void Searches::cancel(const OperationId& id) {
  if (!searches_.holds(id.slot) || searches_[id.slot].number != id.number) return;
  static_cast<void>(take_down(id.slot));
}

void Searches::advance(std::size_t slot) {
  Search& search = searches_[slot];
  const Protocol& protocol = context_->protocol;
  const Time now = context_->host.now();
  Time wake = search.deadline;
  for (;;) {
    const auto contact = search.lookup.next();
    if (!contact) {
      if (search.lookup.only_slow() && offer_more(search)) continue;
      break;
    }
    Time slow_at = kTimeMax;
    if (protocol.adaptive_timeouts) {
      const Duration patience = context_->round_trips.timeout(
          RoundTrips::key_of(context_->book, *contact), protocol.query_timeout);
      if (patience < protocol.query_timeout) slow_at = now + patience;
      wake = std::min(wake, slow_at);
    }
    wire::Message message = search.kind == Kind::find_node
                                ? wire::Message{wire::FindNode{search.lookup.target()}}
                                : wire::Message{wire::FindValue{search.lookup.target()}};
    const RequestId request =
        context_->request(*contact, std::move(message), protocol.query_timeout,
                          make_token(Concern::search, slot, *contact));
    search.lookup.set_request(request, now, slow_at);
  }
  std::optional<Time> end;
  if (search.lookup.finished()) {
    end = now;
  } else if (search.first_word) {
    end = end_of_patience(search.lookup, *context_);
  }
  if (end && *end <= now) {
    finish(slot, false);
  } else {
    wake_by(slot, std::min(wake, end.value_or(kTimeMax)));
  }
}

// A table that has room for more than k contacts may know live ones beyond those it began with.
bool Searches::offer_more(Search& search) {
  const Protocol& protocol = context_->protocol;
  const RoutingTable& table = context_->table;
  if (search.offered >= table.size() || protocol.stop == StopRule::no_change) return false;
  if (search.lookup.answered() >= protocol.k) return false;
  bool more = false;
  while (!more && search.offered < table.size()) {
    search.offered += protocol.k;
    table.closest(search.lookup.target(), search.offered,
                  [&](ContactRef ref) { more |= search.lookup.offer(ref); });
  }
  return more;
}

void Searches::wake_by(std::size_t slot, Time time) {
  Search& search = searches_[slot];
  if (time >= search.wake) return;
  if (search.timer != kNoTimer) context_->host.cancel_timer(search.timer);
  search.wake = time;
  search.timer = context_->host.set_timer(time - context_->host.now(),
                                          make_token(Concern::search_timer, slot));
}

void Searches::on_reply(Token token, wire::Message& message) {
  const std::size_t slot = token_slot(token);
  const ContactRef from = token_contact(token);
  Search& search = searches_[slot];
  const ContactList nobody{};
  const ContactList* nodes = nullptr;  // nullptr: an answer to something else
  bool over = false;
  if (auto* reply = std::get_if<wire::FindValueReply>(&message);
      reply != nullptr && search.kind == Kind::find_value) {
    nodes = std::get_if<ContactList>(&reply->result);
    if (nodes != nullptr && reply->copy) note_lacking(search, from);
    if (nodes == nullptr) nodes = reply->closer ? reply->closer.get() : &nobody;
    over = take_found(search, from, *reply);
  } else if (auto* found = std::get_if<wire::FindNodeReply>(&message);
             found != nullptr && search.kind == Kind::find_node) {
    nodes = &found->nodes;
  }
  const auto settled = nodes != nullptr ? search.lookup.on_answer(from, *nodes)
                                        : search.lookup.on_failure(from, Failure::refused);
  if (settled && context_->protocol.adaptive_timeouts) {
    context_->round_trips.answered(RoundTrips::key_of(context_->book, from),
                                   context_->host.now() - settled->sent);
  }
  if (over) {
    finish(slot, false);
  } else {
    advance(slot);
  }
}

void Searches::note_lacking(Search& search, ContactRef from) const {
  const NodeId& target = search.lookup.target();
  const bool first = search.lacking == kNoContact;
  if (first || context_->book.closer(from, search.lacking, target)) search.lacking = from;
}

bool Searches::take_found(Search& search, ContactRef from, wire::FindValueReply& reply) {
  auto* records = std::get_if<std::vector<wire::Record>>(&reply.result);
  if ((records == nullptr || records->empty()) && reply.withdrawn.empty()) return false;
  FoundRecords found{from,       context_->host.now(), {}, std::move(reply.withdrawn),
                     reply.copy, reply.outside};
  if (records != nullptr) found.records = std::move(*records);
  const bool gives = search.accept ? search.accept(found) : !found.records.empty();
  const bool over = gives && search.first_word && !found.outside;
  search.found.push_back(std::move(found));
  if (search.first_word) search.lookup.wait_no_more();
  return over;
}

void Searches::on_failure(Token token, Failure failure) {
  searches_[token_slot(token)].lookup.on_failure(token_contact(token), failure);
  advance(token_slot(token));
}

void Searches::on_timer(Token token) {
  const std::size_t slot = token_slot(token);
  Search& search = searches_[slot];
  search.timer = kNoTimer;
  search.wake = kTimeMax;
  const Time now = context_->host.now();
  if (now >= search.deadline) {
    finish(slot, true);
    return;
  }
  Time wake = search.deadline;
  for (const Lookup::Outstanding& request : search.lookup.outstanding()) {
    if (request.slow) continue;
    if (request.slow_at > now) {
      wake = std::min(wake, request.slow_at);
    } else {
      context_->round_trips.silent(RoundTrips::key_of(context_->book, request.ref));
      search.lookup.on_slow(request.ref);
    }
  }
  wake_by(slot, wake);
  advance(slot);
}

Searches::Search Searches::take_down(std::size_t slot) {
  Search search = searches_.take(slot);
  for (const auto& request : search.lookup.outstanding()) {
    context_->host.cancel(request.request);
    if (request.slow) doubt(request.ref);
  }
  if (search.timer != kNoTimer) context_->host.cancel_timer(search.timer);
  if (search.names) {
    search.lookup.for_each_heard([this](ContactRef contact) { context_->table.name(contact); });
  }
  return search;
}

void Searches::finish(std::size_t slot, bool timed_out) {
  SearchResult result;
  if (searches_[slot].misses) result.missed = searches_[slot].lookup.missed();
  Search search = take_down(slot);
  result.stats = search.lookup.stats();
  result.elapsed = context_->host.now() - search.started;
  result.closest = search.lookup.closest();
  if (context_->protocol.stop == StopRule::no_change) {
    result.heard = search.lookup.closest_heard();
  }
  if (context_->size && search.kind == Kind::find_node) note_size(search.lookup.target(), result);
  result.found = std::move(search.found);
  result.lacking = search.lacking;
  result.timed_out = timed_out;
  report(result, search.kind);
  search.done(result);
}

// If fewer than k answered, they may be all that there are: then distances say nothing of how many
// there would be farther off. Around the own id the same nodes would count each time.
void Searches::note_size(const NodeId& target, const SearchResult& result) const {
  if (result.closest.size() < context_->protocol.k || target == context_->self_id()) return;
  context_->size->add(context_->book, target, result.closest);
}

void Searches::report(const SearchResult& result, Kind kind) const {
  const bool for_value = kind == Kind::find_value;
  const bool found = std::any_of(result.found.begin(), result.found.end(),
                                 [](const FoundRecords& each) { return !each.records.empty(); });
  context_->application.on_lookup({for_value, for_value ? found : !result.closest.empty(),
                                   result.timed_out, result.elapsed, result.stats});
}

// Whether it would have answered or failed nobody waits to hear: it is asked on its own.
void Searches::doubt(ContactRef contact) {
  if (context_->table.doubt(contact) && context_->maintenance != nullptr) {
    context_->maintenance->want(Chore::probe, kDoubt);
  }
}

Violation Searches::violation() const {
  Violation wrong;
  searches_.for_each([&](const Search& search) {
    if (wrong) return;
    wrong = search.lookup.violation();
    if (wrong) return;
    if (search.lookup.finished()) wrong = "a lookup has finished and goes on";
    if (search.lookup.outstanding().empty()) wrong = "a lookup goes on and waits for no answer";
  });
  return wrong;
}

bool Searches::is_progress_sound() const {
  bool sound = true;
  searches_.for_each([&](const Search& search) {
    sound = sound && search.lookup.is_progress_sound() && !search.lookup.finished() &&
            !search.lookup.outstanding().empty();
  });
  return sound;
}

std::size_t query_bytes(const LookupStats& stats, const ContactBook& book) {
  return stats.rpcs * wire::encoded_size(wire::FindNode{}, book);
}

}  // namespace macula::dht
