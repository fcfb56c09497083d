// Routed calls: RPC_ROUTE frames passed from node to node towards a destination id.
//
// A node that is handed a route delivers it, passes it on, or answers it with an error; the answer
// goes back hop by hop, each on the stream of its request. Rule `closer` passes a route only to a
// contact strictly closer to the destination, so that the distance falls with each hop and no route
// loops. Rule `any` (Macula 0.8) passes it to the closest known contact and relies on max_hops.
#pragma once

#include <optional>
#include <variant>

#include "dht/node/context.h"
#include "dht/node/passed_on.h"
#include "dht/node/served_calls.h"
#include "dht/node/token.h"

namespace macula::dht {

class Router {
 public:
  // No route waits longer for its next hop, whatever timeout its call carries.
  static constexpr Duration kLongestTimeout = std::chrono::minutes(2);
  // Routes passed on at a time, shared by those who ask; more are refused.
  static constexpr std::size_t kLimit = 4096;

  Router(Context& context, ServedCalls& served)
      : context_(&context), served_(&served), passed_on_(context.host, kLimit) {}

  // Starts a route at this node, which applies the rules to it as to any other: the first frame
  // carries hop_count 1. `shortcut` is a way to the destination known from elsewhere than the
  // table. The outcome comes to slot `slot` of `concern`, with the contact that was asked.
  [[nodiscard]] std::variant<RequestId, wire::CallError> originate(
      const NodeId& destination, std::optional<ContactRef> shortcut, wire::Call call,
      Duration timeout, Concern concern, std::size_t slot);

  // False for what is no request and will not be answered.
  bool on_request(const NodeId& asker, InboundId request, wire::RpcRoute& route);
  void on_reply(Token token, wire::Message& message);
  void on_failure(Token token, Failure failure);
  void on_given_up(InboundId request) { passed_on_.give_up(request); }

  // How long to wait for the answer to a request that somebody else has begun: for a call, routed
  // or not, as long as it says, which may be any number, within limits; `otherwise` where it says
  // nothing, and for all other requests.
  [[nodiscard]] static Duration timeout_of(const wire::Message& request, Duration otherwise);

  [[nodiscard]] std::size_t size() const { return passed_on_.size(); }

 private:
  struct Route {
    NodeId source;
    std::uint32_t max_hops;
    wire::CallId call_id;
  };

  // The contact to pass a route to, or the reason for none.
  [[nodiscard]] std::variant<ContactRef, wire::CallError> next_hop(
      const NodeId& destination, std::uint32_t hop_count, std::uint32_t max_hops,
      std::optional<ContactRef> shortcut) const;
  void reply_error(InboundId request, const Route& route, wire::CallError error);

  Context* context_;
  ServedCalls* served_;
  PassedOn<Route> passed_on_;
};

}  // namespace macula::dht
