#include "dht/node/served_calls.h"

#include <memory>
#include <utility>

namespace macula::dht {

wire::Message make_route_reply(const NodeId& destination, const NodeId& source,
                               std::uint32_t max_hops, wire::Reply reply) {
  wire::RpcRoute route{destination, source, 0, max_hops, nullptr};
  route.payload = std::make_unique<std::variant<wire::Call, wire::Reply>>(std::move(reply));
  return route;
}

void ServedCalls::serve(const NodeId& caller, InboundId request, const wire::Call& call,
                        const wire::RpcRoute* route) {
  Served served{request, call.call_id, std::nullopt, 0, nullptr, caller};
  if (route != nullptr) {
    served.source = route->source;
    served.max_hops = route->max_hops;
  }
  hand_over(std::move(served), call);
}

void ServedCalls::serve_self(const wire::Call& call, std::function<void(CallOutcome)> done) {
  hand_over({std::nullopt, call.call_id, std::nullopt, 0, std::move(done), context_->self_id()},
            call);
}

void ServedCalls::hand_over(Served served, const wire::Call& call) {
  Waiting& waiting = waiting_.make();
  if (!waiting.shares.take(served.caller, 1)) {
    reply(served, wire::CallError{"refused", "too many calls wait for an answer"});
    return;
  }
  const std::size_t slot = waiting.calls.add(std::move(served));
  context_->application.on_call(CallHandle{static_cast<std::uint32_t>(slot)}, call.procedure,
                                call.args);
}

void ServedCalls::answer(CallHandle call, CallOutcome outcome) {
  Waiting& waiting = waiting_.make();
  const Served served = waiting.calls.take(static_cast<std::size_t>(call));
  waiting.shares.give_back(served.caller, 1);
  reply(served, std::move(outcome));
}

void ServedCalls::reply(const Served& served, CallOutcome outcome) {
  if (!served.request) {
    served.done(std::move(outcome));
    return;
  }
  wire::Reply reply{served.call_id, std::move(outcome)};
  if (served.source) {
    context_->reply(*served.request, make_route_reply(*served.source, context_->self_id(),
                                                      served.max_hops, std::move(reply)));
  } else {
    context_->reply(*served.request, std::move(reply));
  }
}

}  // namespace macula::dht
