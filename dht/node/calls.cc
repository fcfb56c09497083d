#include "dht/node/calls.h"

#include <algorithm>
#include <utility>

#include "dht/node/token.h"
#include "dht/record/provider.h"

namespace macula::dht {
namespace {

wire::CallId draw_call_id(Host& host) {
  wire::CallId id{};
  for (std::size_t i = 0; i < id.size(); i += 8) {
    const std::uint64_t word = host.random(draws::kCallId);
    for (std::size_t j = 0; j < 8; ++j) id[i + j] = static_cast<std::uint8_t>(word >> (56 - 8 * j));
  }
  return id;
}

wire::CallError failure_error(Failure failure) {
  switch (failure) {
    case Failure::timeout:
      return {"timeout", "no answer in time"};
    case Failure::unreachable:
      return {"unreachable", "no way to the provider"};
    case Failure::refused:
      return {"refused", "the provider refused the call"};
    case Failure::cancelled:
      break;
  }
  return {"cancelled", "the caller is closing"};
}

}  // namespace

bool is_refusal(std::string_view code) {
  return code == "busy" || code == "refused" || code == "not_found" || code == "not_served";
}

OperationId Calls::start(CallRequest request, Done done) {
  const Time now = context_->host.now();
  const Duration timeout = request.timeout.value_or(context_->protocol.call_timeout);
  const std::optional<ContactRef> provider = request.provider;
  const Key key = service_key(request.procedure);
  const wire::CallId call_id = draw_call_id(context_->host);
  const std::uint64_t number = ++context_->operations;
  const std::size_t slot =
      calls_.add({std::move(request), call_id, now, now + timeout, {}, std::move(done), number});
  const OperationId id{Concern::call, slot, number};
  if (provider) {
    calls_[slot].providers.push_back(*provider);
    advance(slot);
    return id;
  }
  FindOptions options;
  options.deadline = std::min(timeout, context_->protocol.deadline);
  options.expects_signed = context_->protocol.sign_providers;
  options.beyond_own = context_->protocol.discover_beyond_own;
  const OperationId discovery =
      storage_->find(key, options, [this, slot](FindResult& found) { on_discovered(slot, found); });
  if (under_way(id)) calls_[slot].discovery = discovery;
  return id;
}

void Calls::cancel(const OperationId& id) {
  if (!under_way(id)) return;
  Call call = calls_.take(id.slot);
  searches_->cancel(call.discovery);
  end_requests(call);
}

void Calls::on_discovered(std::size_t slot, const FindResult& found) {
  Call& call = calls_[slot];
  for (const auto& value : found.values) {
    const auto contact = provider_contact(*value);
    const auto ref = contact ? context_->book.intern(*contact) : std::nullopt;
    const auto& listed = call.providers;
    const bool known = ref && std::find(listed.begin(), listed.end(), *ref) != listed.end();
    if (ref && !known) call.providers.push_back(*ref);
  }
  if (call.providers.empty()) {
    finish(slot, wire::CallError{std::string(why_none(found)), "no provider is known"});
    return;
  }
  failed_.put_last(call.providers, context_->host.now());
  std::reverse(call.providers.begin(), call.providers.end());
  advance(slot);
}

// ----- asking -----

Time Calls::next_due(const Call& call) {
  Time due{};
  for (const Attempt& attempt : call.attempts) {
    if (!attempt.open) continue;
    if (attempt.lives) {
      due = std::max(due, attempt.asked + attempt.share);
    } else if (!attempt.silent) {
      due = std::max(due, attempt.asked + attempt.patience);
    }
  }
  return due;
}

void Calls::advance(std::size_t slot) {
  const OperationId id{Concern::call, slot, calls_[slot].number};
  while (under_way(id)) {
    Call& call = calls_[slot];
    const Time now = context_->host.now();
    const bool over = now >= call.deadline;
    const bool waits = std::any_of(call.attempts.begin(), call.attempts.end(),
                                   [](const Attempt& attempt) { return attempt.open; });
    if (over || (call.providers.empty() && !waits)) {
      give_up(slot, over);
      return;
    }
    if (call.providers.empty()) {
      // Requests have timeouts; this node's own application has none.
      const bool here =
          std::any_of(call.attempts.begin(), call.attempts.end(),
                      [](const Attempt& attempt) { return attempt.open && !attempt.request; });
      wake_at(slot, here ? call.deadline : kTimeMax);
      return;
    }
    const Time due = next_due(call);
    if (due <= now) {
      ask_next(slot);
      continue;
    }
    Attempt& last = call.attempts.back();
    const Time doubtful = last.asked + last.patience / 2;
    const bool to_ping = last.open && !last.pinged && !last.lives;
    if (to_ping && doubtful <= now) ping(slot, last);
    wake_at(slot, to_ping && doubtful > now ? std::min(due, doubtful) : due);
    return;
  }
}

Duration Calls::patience_with(const Call& call, ContactRef provider) const {
  const Duration left = call.deadline - context_->host.now();
  if (call.providers.empty()) return left;
  const Duration gap = std::max(call.all_asked - context_->host.now(), Duration{0}) /
                       static_cast<std::int64_t>(call.providers.size());
  if (!context_->protocol.adaptive_timeouts) return gap;
  return std::min(
      2 * context_->round_trips.timeout(RoundTrips::key_of(context_->book, provider), left), gap);
}

void Calls::ask_next(std::size_t slot) {
  Call& call = calls_[slot];
  const Time now = context_->host.now();
  const Duration left = call.deadline - now;
  // The time that silence has cost stays spent; any time after it has its own middle.
  bool silence = !call.attempts.empty() && call.attempts.back().open;
  for (Attempt& attempt : call.attempts) {
    if (!attempt.open || attempt.silent) continue;
    attempt.silent = true;
    silence = silence && !attempt.lives;
    failed_.add(attempt.provider, now);
  }
  if (!silence) call.all_asked = now + left / 2;
  const std::size_t sharers = std::clamp<std::size_t>(
      call.providers.size(), 2, std::max<std::size_t>(context_->protocol.failover, 2));
  const ContactRef provider = call.providers.back();
  call.providers.pop_back();
  const Duration share = call.providers.empty() ? left : left / static_cast<std::int64_t>(sharers);
  call.attempts.push_back({provider, now, std::min(patience_with(call, provider), share), share});
  send_to(slot, provider);
}

void Calls::send_to(std::size_t slot, ContactRef provider) {
  Call& call = calls_[slot];
  Attempt& attempt = call.attempts.back();
  const Duration left = call.deadline - attempt.asked;
  wire::Call message{call.request.procedure, call.request.args, call.id,
                     static_cast<std::uint64_t>(
                         std::chrono::duration_cast<std::chrono::milliseconds>(left).count())};
  const NodeId& destination = context_->book.id(provider);
  if (destination == context_->self_id()) {
    attempt.lives = true;
    serve_here(slot, message);
    return;
  }
  if (!call.request.routed) {
    attempt.request = context_->request(provider, std::move(message), left,
                                        make_token(Concern::call, slot, provider));
    return;
  }
  // A provider that was discovered is known with its endpoint; one that was named only by its id.
  const bool discovered = !call.request.provider.has_value();
  auto sent = router_->originate(destination, discovered ? std::optional(provider) : std::nullopt,
                                 std::move(message), left, Concern::call, slot);
  if (auto* error = std::get_if<wire::CallError>(&sent)) {
    close(call, attempt, std::move(*error));
  } else {
    attempt.request = std::get<RequestId>(sent);
  }
}

// The application may answer at once, later, or never; and when the call has ended long since.
void Calls::serve_here(std::size_t slot, const wire::Call& message) {
  const OperationId id{Concern::call, slot, calls_[slot].number};
  const ContactRef self = calls_[slot].attempts.back().provider;
  served_->serve_self(message, [this, id, self](CallOutcome outcome) {
    if (under_way(id)) take_outcome(id.slot, self, std::move(outcome), true);
  });
}

void Calls::ping(std::size_t slot, Attempt& attempt) {
  attempt.pinged = true;
  attempt.ping = context_->request(attempt.provider, wire::Ping{context_->now_ms()},
                                   calls_[slot].deadline - context_->host.now(),
                                   make_token(Concern::call_ping, slot, attempt.provider));
}

void Calls::wake_at(std::size_t slot, Time time) {
  Call& call = calls_[slot];
  if (call.timer != kNoTimer) context_->host.cancel_timer(call.timer);
  call.timer = kNoTimer;
  if (time == kTimeMax) return;
  call.timer =
      context_->host.set_timer(time - context_->host.now(), make_token(Concern::call_timer, slot));
}

// ----- what comes back -----

// A named provider is reached over a next hop, and is the only one.
Calls::Attempt& Calls::attempt_of(Call& call, ContactRef asked) {
  for (Attempt& attempt : call.attempts) {
    if (attempt.provider == asked) return attempt;
  }
  return call.attempts.front();
}

void Calls::on_reply(Token token, wire::Message& message) {
  const std::size_t slot = token_slot(token);
  Call& call = calls_[slot];
  Attempt& attempt = attempt_of(call, token_contact(token));
  attempt.request.reset();
  auto* reply = std::get_if<wire::Reply>(&message);
  bool by_provider = true;
  if (auto* route = std::get_if<wire::RpcRoute>(&message)) {
    reply = std::get_if<wire::Reply>(route->payload.get());
    by_provider = route->source == context_->book.id(attempt.provider);
  }
  if (reply == nullptr || reply->call_id != call.id) {
    take_outcome(slot, attempt.provider,
                 wire::CallError{"bad_reply", "the answer belongs to another request"}, false);
  } else {
    take_outcome(slot, attempt.provider, std::move(reply->outcome), by_provider);
  }
}

void Calls::take_outcome(std::size_t slot, ContactRef provider, CallOutcome outcome,
                         bool by_provider) {
  Call& call = calls_[slot];
  Attempt& attempt = attempt_of(call, provider);
  auto* error = std::get_if<wire::CallError>(&outcome);
  if (error == nullptr || (by_provider && !is_refusal(error->code))) {
    failed_.remove(provider);
    finish(slot, std::move(outcome));
    return;
  }
  if (by_provider) call.refusal = *error;
  failed_.add(provider, context_->host.now());
  close(call, attempt, std::move(*error));
  advance(slot);
}

void Calls::on_failure(Token token, Failure failure) {
  const std::size_t slot = token_slot(token);
  Call& call = calls_[slot];
  Attempt& attempt = attempt_of(call, token_contact(token));
  attempt.request.reset();
  if (failure != Failure::cancelled) failed_.add(attempt.provider, context_->host.now());
  if (failure == Failure::timeout) attempt.silent = true;
  close(call, attempt, failure_error(failure));
  advance(slot);
}

void Calls::on_pong(Token token) {
  Attempt& attempt = attempt_of(calls_[token_slot(token)], token_contact(token));
  attempt.ping.reset();
  attempt.lives = true;
  advance(token_slot(token));
}

// It says no more than the silence of the call, which has its own end.
void Calls::on_ping_failure(Token token) {
  attempt_of(calls_[token_slot(token)], token_contact(token)).ping.reset();
}

void Calls::on_timer(Token token) {
  calls_[token_slot(token)].timer = kNoTimer;
  advance(token_slot(token));
}

// ----- ending -----

void Calls::close(Call& call, Attempt& attempt, wire::CallError error) {
  attempt.open = false;
  call.failure = std::move(error);
  if (attempt.ping) context_->host.cancel(*attempt.ping);
  attempt.ping.reset();
}

void Calls::end_requests(Call& call) {
  for (const Attempt& attempt : call.attempts) {
    if (attempt.request) context_->host.cancel(*attempt.request);
    if (attempt.ping) context_->host.cancel(*attempt.ping);
  }
  if (call.timer != kNoTimer) context_->host.cancel_timer(call.timer);
}

void Calls::give_up(std::size_t slot, bool timed_out) {
  Call& call = calls_[slot];
  if (timed_out) call.failure = failure_error(Failure::timeout);
  // The later one was asked, the less time it had: the next call begins with it.
  for (std::size_t i = call.attempts.size(); i-- > 0;) {
    const Attempt& attempt = call.attempts[i];
    if (attempt.silent || attempt.open) failed_.add(attempt.provider, context_->host.now());
  }
  finish(slot, call.refusal ? std::move(*call.refusal) : std::move(call.failure));
}

void Calls::finish(std::size_t slot, CallOutcome outcome) {
  Call call = calls_.take(slot);
  end_requests(call);
  CallResult result{std::move(outcome), context_->host.now() - call.started, call.id};
  call.done(result);
}

}  // namespace macula::dht
