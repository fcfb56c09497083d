#include "dht/node/router.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

namespace macula::dht {
namespace {

wire::CallError max_hops_exceeded(std::uint32_t max_hops) {
  return {"max_hops_exceeded", "the route took " + std::to_string(max_hops) + " hops"};
}

// The timeout of a foreign call may be any number, 0 and the largest included.
Duration timeout_of_call(const wire::Call& call, Duration otherwise) {
  if (!call.timeout_ms) return otherwise;
  constexpr auto kLongest = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(Router::kLongestTimeout).count());
  return std::chrono::milliseconds(std::clamp<std::uint64_t>(*call.timeout_ms, 1, kLongest));
}

}  // namespace

Duration Router::timeout_of(const wire::Message& request, Duration otherwise) {
  const auto* call = std::get_if<wire::Call>(&request);
  if (const auto* route = std::get_if<wire::RpcRoute>(&request)) {
    call = std::get_if<wire::Call>(route->payload.get());
  }
  return call != nullptr ? timeout_of_call(*call, otherwise) : otherwise;
}

std::variant<ContactRef, wire::CallError> Router::next_hop(
    const NodeId& destination, std::uint32_t hop_count, std::uint32_t max_hops,
    std::optional<ContactRef> shortcut) const {
  if (hop_count >= max_hops) return max_hops_exceeded(max_hops);
  std::optional<ContactRef> closest = shortcut;
  if (!closest) {
    context_->table.closest(destination, 1, [&](ContactRef ref) { closest = ref; });
  }
  const NodeId& self = context_->self_id();
  const bool closer =
      closest && distance(context_->book.id(*closest), destination) < distance(self, destination);
  if (!closest || (context_->protocol.route == RouteRule::closer && !closer)) {
    return wire::CallError{"no_route", "node " + id_to_hex(self) + " knows no contact closer to " +
                                           id_to_hex(destination)};
  }
  return *closest;
}

std::variant<RequestId, wire::CallError> Router::originate(const NodeId& destination,
                                                           std::optional<ContactRef> shortcut,
                                                           wire::Call call, Duration timeout,
                                                           Concern concern, std::size_t slot) {
  const std::uint32_t max_hops = context_->protocol.max_hops;
  auto hop = next_hop(destination, 0, max_hops, shortcut);
  if (auto* error = std::get_if<wire::CallError>(&hop)) return std::move(*error);
  wire::RpcRoute route{destination, context_->self_id(), 1, max_hops, nullptr};
  route.payload = std::make_unique<std::variant<wire::Call, wire::Reply>>(std::move(call));
  const ContactRef next = std::get<ContactRef>(hop);
  return context_->request(next, std::move(route), timeout, make_token(concern, slot, next));
}

bool Router::on_request(const NodeId& asker, InboundId request, wire::RpcRoute& route) {
  auto* call = std::get_if<wire::Call>(route.payload.get());
  // A reply travels on the stream of its request, never on its own.
  if (call == nullptr) return false;
  const Route asked{route.source, route.max_hops, call->call_id};
  const bool arrived = route.destination == context_->self_id();
  const bool spent = route.hop_count >= route.max_hops;
  if (arrived && (!spent || context_->protocol.deliver_at_max_hops)) {
    served_->serve(asker, request, *call, &route);
    return true;
  }
  // A foreign max_hops is no reason to go farther than this node's own.
  const std::uint32_t max_hops = std::min(route.max_hops, context_->protocol.max_hops);
  auto hop = next_hop(route.destination, route.hop_count, max_hops, std::nullopt);
  if (auto* error = std::get_if<wire::CallError>(&hop)) {
    reply_error(request, asked, std::move(*error));
    return true;
  }
  const auto slot =
      passed_on_.add(asker, request, asked, call->procedure.size() + call->args.size());
  if (!slot) {
    reply_error(request, asked, {"refused", "too many routes wait for an answer"});
    return true;
  }
  ++route.hop_count;
  const Duration timeout = timeout_of_call(*call, context_->protocol.call_timeout);
  const ContactRef next = std::get<ContactRef>(hop);
  passed_on_.sent(*slot, context_->request(next, std::move(route), timeout,
                                           make_token(Concern::route, *slot, next)));
  return true;
}

void Router::on_reply(Token token, wire::Message& message) {
  const auto [request, route, asker, shares, sent] = passed_on_.take(token_slot(token));
  // The next hop may answer anything.
  const auto* answer = std::get_if<wire::RpcRoute>(&message);
  const auto* reply = answer == nullptr ? nullptr : std::get_if<wire::Reply>(answer->payload.get());
  if (reply == nullptr) {
    reply_error(request, route, {"bad_reply", "the next hop answered with another message"});
  } else if (reply->call_id != route.call_id) {
    reply_error(request, route, {"bad_reply", "the next hop answered another call"});
  } else {
    context_->reply(request, std::move(message));
  }
}

void Router::on_failure(Token token, Failure failure) {
  const auto [request, route, asker, shares, sent] = passed_on_.take(token_slot(token));
  if (failure == Failure::timeout) {
    reply_error(request, route, {"timeout", "the next hop did not answer"});
  } else {
    reply_error(request, route, {"no_route", "the next hop cannot be reached"});
  }
}

void Router::reply_error(InboundId request, const Route& route, wire::CallError error) {
  context_->reply(request, make_route_reply(route.source, context_->self_id(), route.max_hops,
                                            wire::Reply{route.call_id, std::move(error)}));
}

}  // namespace macula::dht
