#include "dht/search.h"

#include <utility>

#include "dht/token.h"

namespace macula::dht {

void Searches::start(const Goal& goal, Done done) {
  const Protocol& protocol = context_->protocol;
  const LookupRules rules{protocol.k, protocol.alpha, protocol.stop, protocol.sequential};
  Search search{Lookup(context_->book, context_->self_id(), goal.target, rules),
                goal.kind,
                context_->host.now(),
                kNoTimer,
                std::move(done),
                {}};
  if (protocol.maintenance) {
    context_->looked_up.touch(bucket_index(context_->self_id(), goal.target), search.started);
  }
  context_->table.closest(goal.target, protocol.k,
                          [&](ContactRef ref) { search.lookup.add_start(ref); });
  for (const ContactRef ref : goal.start) search.lookup.add_start(ref);
  const std::size_t slot = searches_.add(std::move(search));
  if (goal.deadline) {
    searches_[slot].deadline =
        context_->host.set_timer(*goal.deadline, make_token(Concern::search_deadline, slot));
  }
  advance(slot);
}

void Searches::advance(std::size_t slot) {
  Search& search = searches_[slot];
  while (const auto contact = search.lookup.next()) {
    wire::Message message = search.kind == Kind::find_node
                                ? wire::Message{wire::FindNode{search.lookup.target()}}
                                : wire::Message{wire::FindValue{search.lookup.target()}};
    search.lookup.set_request(context_->request(*contact, std::move(message),
                                                context_->protocol.query_timeout,
                                                make_token(Concern::search, slot, *contact)));
  }
  if (search.lookup.finished()) finish(slot, false);
}

void Searches::on_reply(Token token, wire::Message& message) {
  const std::size_t slot = token_slot(token);
  const ContactRef from = token_contact(token);
  Search& search = searches_[slot];
  if (auto* reply = std::get_if<wire::FindValueReply>(&message);
      reply != nullptr && search.kind == Kind::find_value) {
    if (auto* values = std::get_if<std::vector<wire::SharedValue>>(&reply->result)) {
      search.lookup.on_answer(from, {});
      if (!values->empty()) {
        search.values = std::move(*values);
        finish(slot, false);
        return;
      }
    } else {
      search.lookup.on_answer(from, std::get<ContactList>(reply->result));
    }
  } else if (auto* nodes = std::get_if<wire::FindNodeReply>(&message);
             nodes != nullptr && search.kind == Kind::find_node) {
    search.lookup.on_answer(from, nodes->nodes);
  } else {
    search.lookup.on_failure(from);  // an answer to something else
  }
  advance(slot);
}

void Searches::prefetch(Token token, int step) const {
  const std::size_t slot = token_slot(token);
  if (step == 0) {
    searches_.prefetch_slot(slot);
  } else if (const Search* search = searches_.peek(slot)) {
    if (step == 1) prefetch_range(search, sizeof(Search));
    if (step == 2) search->lookup.prefetch();
  }
}

void Searches::on_failure(Token token) {
  searches_[token_slot(token)].lookup.on_failure(token_contact(token));
  advance(token_slot(token));
}

void Searches::on_deadline(Token token) {
  searches_[token_slot(token)].deadline = kNoTimer;
  finish(token_slot(token), true);
}

void Searches::finish(std::size_t slot, bool timed_out) {
  Search search = searches_.take(slot);
  for (const auto& request : search.lookup.outstanding()) context_->host.cancel(request.request);
  if (search.deadline != kNoTimer) context_->host.cancel_timer(search.deadline);
  SearchResult result;
  result.stats = search.lookup.stats();
  result.elapsed = context_->host.now() - search.started;
  result.closest = search.lookup.closest();
  if (context_->protocol.stop == StopRule::no_change) {
    result.heard = search.lookup.closest_heard();
  }
  result.values = std::move(search.values);
  result.timed_out = timed_out;
  search.done(result);
}

void Searches::check_invariants() const {
  searches_.for_each([](const Search& search) {
    search.lookup.check_invariants();
    MACULA_CHECK(!search.lookup.finished());
    MACULA_CHECK(!search.lookup.outstanding().empty());
  });
}

}  // namespace macula::dht
