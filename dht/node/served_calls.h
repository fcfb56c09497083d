// Calls that reached this node and wait for its application's answer.
//
// The application is handed a `CallHandle` and answers at once or later, whatever way the call
// came: directly, routed over other nodes, or from this very node.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "dht/chore.h"
#include "dht/lookup/lookup_report.h"
#include "dht/node/context.h"
#include "dht/node/shares.h"
#include "dht/node/slots.h"
#include "dht/record/boxed.h"

namespace macula::dht {

enum class CallHandle : std::uint32_t {};

// A result (JSON text) or an error.
using CallOutcome = std::variant<wire::Bytes, wire::CallError>;

// The application on a node: it serves procedures. May answer from inside `on_call`.
class Application {
 public:
  virtual void on_call(CallHandle call, const std::string& procedure, const wire::Bytes& args) = 0;
  // One-way: nobody waits.
  virtual void on_cast(const std::string& procedure, const wire::Bytes& args) = 0;
  // A lookup of this node, begun by it or for an operation, has ended. Those that are cancelled are
  // not told of.
  virtual void on_lookup(const LookupReport& /*report*/) {}
  // The node begins a turn at a chore: what it sends until the turn is over is for that.
  virtual void on_turn(Chore /*chore*/) {}
  // The node has taken a turn at a chore, or a turn taken earlier has sent more.
  virtual void on_chore(Chore /*chore*/, std::size_t /*bytes*/) {}
  // The node has published a record of its own anew, with this value.
  virtual void on_republished(const Key& /*key*/, const wire::SharedValue& /*value*/) {}
  // A configured endpoint was asked who listens there: `contact`, or kNoContact: nobody answered,
  // and it will be asked again. May call `Node::set_endpoints`.
  virtual void on_bootstrap(const Endpoint& /*endpoint*/, ContactRef /*contact*/) {}

 protected:
  ~Application() = default;
};

class ServedCalls {
 public:
  // Waiting for an answer, shared by those who call; more are refused.
  static constexpr std::size_t kLimit = 4096;

  explicit ServedCalls(Context& context) : context_(&context) {}

  // A call of another node; with `route`, one that came as RPC_ROUTE and is answered as one.
  void serve(const NodeId& caller, InboundId request, const wire::Call& call,
             const wire::RpcRoute* route);
  // A call of this node to itself.
  void serve_self(const wire::Call& call, std::function<void(CallOutcome)> done);
  [[nodiscard]] const NodeId& caller(CallHandle call) const {
    return waiting_.get()->calls[static_cast<std::size_t>(call)].caller;
  }
  // Each handle once.
  void answer(CallHandle call, CallOutcome outcome);

  [[nodiscard]] std::size_t size() const {
    const Waiting* waiting = waiting_.get();
    return waiting != nullptr ? waiting->calls.size() : 0;
  }

 private:
  struct Served {
    std::optional<InboundId> request;  // nothing: a call of this node to itself
    wire::CallId call_id;
    std::optional<NodeId> source;  // routed: whom the answer names as its destination
    std::uint32_t max_hops;
    std::function<void(CallOutcome)> done;
    NodeId caller;
  };
  struct Waiting {
    Shares shares{kLimit};
    Slots<Served> calls{};
  };

  void hand_over(Served served, const wire::Call& call);
  void reply(const Served& served, CallOutcome outcome);

  Context* context_;
  Boxed<Waiting> waiting_;  // made with the first call: most nodes serve none
};

// The answer to a routed request: an RPC_ROUTE back to its source, on the stream of the request.
[[nodiscard]] wire::Message make_route_reply(const NodeId& destination, const NodeId& source,
                                             std::uint32_t max_hops, wire::Reply reply);

}  // namespace macula::dht
