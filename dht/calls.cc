#include "dht/calls.h"

#include <algorithm>
#include <utility>

#include "dht/provider.h"
#include "dht/token.h"

namespace macula::dht {
namespace {

wire::CallId draw_call_id(Host& host) {
  wire::CallId id{};
  for (std::size_t i = 0; i < id.size(); i += 8) {
    const std::uint64_t word = host.random();
    for (std::size_t j = 0; j < 8; ++j) id[i + j] = static_cast<std::uint8_t>(word >> (56 - 8 * j));
  }
  return id;
}

// Of the time left: so long any provider may take.
constexpr Duration kLeastShare = std::chrono::milliseconds(100);

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
    try_next_provider(slot);
    return id;
  }
  FindOptions options;
  options.deadline = std::min(timeout, context_->protocol.deadline);
  options.expects_signed = context_->protocol.sign_providers;
  const OperationId discovery =
      storage_->find(key, options, [this, slot](FindResult& found) { on_discovered(slot, found); });
  if (under_way(id)) calls_[slot].discovery = discovery;
  return id;
}

void Calls::cancel(const OperationId& id) {
  if (!under_way(id)) return;
  const Call call = calls_.take(id.slot);
  searches_->cancel(call.discovery);
  if (call.in_flight) context_->host.cancel(*call.in_flight);
  if (call.timer != kNoTimer) context_->host.cancel_timer(call.timer);
}

void Calls::on_discovered(std::size_t slot, const FindResult& found) {
  Call& call = calls_[slot];
  for (const auto& value : found.values) {
    const auto contact = provider_contact(*value);
    const auto ref = contact ? context_->book.intern(*contact) : std::nullopt;
    if (ref) call.providers.push_back(*ref);
  }
  if (call.providers.empty()) {
    finish(slot, found.timed_out ? failure_error(Failure::timeout)
                                 : wire::CallError{"not_found", "no provider is known"});
    return;
  }
  failed_.put_last(call.providers, context_->host.now());
  std::reverse(call.providers.begin(), call.providers.end());
  try_next_provider(slot);
}

void Calls::try_next_provider(std::size_t slot) {
  Call& call = calls_[slot];
  const Duration left = call.deadline - context_->host.now();
  if (left <= Duration{0}) {
    finish(slot, failure_error(Failure::timeout));
    return;
  }
  const ContactRef provider = call.providers.back();
  const std::size_t others = std::clamp<std::size_t>(
      call.providers.size(), 2, std::max<std::size_t>(context_->protocol.failover, 2));
  const bool last = call.providers.size() == 1;
  const Duration share =
      last ? left
           : std::min(left, std::max<Duration>(left / static_cast<int>(others), kLeastShare));
  call.providers.pop_back();
  call.trying = provider;
  call.in_flight.reset();
  wire::Call message{call.request.procedure, call.request.args, call.id,
                     static_cast<std::uint64_t>(
                         std::chrono::duration_cast<std::chrono::milliseconds>(share).count())};
  const NodeId& destination = context_->book.id(provider);
  if (destination == context_->self_id()) {
    serve_here(slot, message, share);
    return;
  }
  if (!call.request.routed) {
    call.in_flight = context_->request(provider, std::move(message), share,
                                       make_token(Concern::call, slot, provider));
    return;
  }
  // A provider that was discovered is known with its endpoint; one that was named only by its id.
  const bool discovered = !call.request.provider.has_value();
  auto sent = router_->originate(destination, discovered ? std::optional(provider) : std::nullopt,
                                 std::move(message), share, Concern::call, slot);
  if (auto* error = std::get_if<wire::CallError>(&sent)) {
    fail_over(slot, std::move(*error));
  } else {
    call.in_flight = std::get<RequestId>(sent);
  }
}

// The application may answer at once, later, or never; and when the call has ended long since.
void Calls::serve_here(std::size_t slot, const wire::Call& message, Duration share) {
  const OperationId id{Concern::call, slot, calls_[slot].number};
  calls_[slot].served_here = true;
  served_->serve_self(message, [this, id](CallOutcome outcome) {
    if (under_way(id) && calls_[id.slot].served_here) on_served_here(id.slot, std::move(outcome));
  });
  if (!under_way(id) || !calls_[slot].served_here) return;
  calls_[slot].timer = context_->host.set_timer(share, make_token(Concern::call_timer, slot));
}

void Calls::on_served_here(std::size_t slot, CallOutcome outcome) {
  Call& call = calls_[slot];
  auto* error = std::get_if<wire::CallError>(&outcome);
  if (error == nullptr || !is_refusal(error->code)) {
    finish(slot, std::move(outcome));
    return;
  }
  if (call.timer != kNoTimer) context_->host.cancel_timer(std::exchange(call.timer, kNoTimer));
  call.served_here = false;
  fail_over(slot, std::move(*error));
}

void Calls::on_reply(Token token, wire::Message& message) {
  const std::size_t slot = token_slot(token);
  auto* reply = std::get_if<wire::Reply>(&message);
  bool by_path = false;
  if (auto* route = std::get_if<wire::RpcRoute>(&message)) {
    reply = std::get_if<wire::Reply>(route->payload.get());
    by_path = route->source != context_->book.id(calls_[slot].trying);
  }
  if (reply == nullptr || reply->call_id != calls_[slot].id) {
    fail_over(slot, wire::CallError{"bad_reply", "the answer belongs to another request"});
    return;
  }
  auto* error = std::get_if<wire::CallError>(&reply->outcome);
  if (error != nullptr && (by_path || is_refusal(error->code))) {
    fail_over(slot, std::move(*error));
    return;
  }
  failed_.remove(calls_[slot].trying);
  finish(slot, std::move(reply->outcome));
}

void Calls::on_timer(Token token) {
  Call& call = calls_[token_slot(token)];
  call.timer = kNoTimer;
  call.served_here = false;
  on_failure(token, Failure::timeout);
}

void Calls::on_failure(Token token, Failure failure) {
  const std::size_t slot = token_slot(token);
  // Whoever refuses lives.
  if (failure == Failure::timeout || failure == Failure::unreachable) {
    failed_.add(calls_[slot].trying, context_->host.now());
  }
  fail_over(slot, failure_error(failure));
}

void Calls::fail_over(std::size_t slot, wire::CallError error) {
  if (!calls_[slot].providers.empty()) {
    try_next_provider(slot);
  } else {
    finish(slot, std::move(error));
  }
}

void Calls::finish(std::size_t slot, CallOutcome outcome) {
  Call call = calls_.take(slot);
  if (call.timer != kNoTimer) context_->host.cancel_timer(call.timer);
  CallResult result{std::move(outcome), context_->host.now() - call.started, call.id};
  call.done(result);
}

}  // namespace macula::dht
