// Calls of this node to procedures elsewhere: discovery, the request, failover, one deadline.
//
//   calls.start({"calc.add", args}, [](CallResult& result) { ... });
//
// One timeout covers discovery and all providers tried, in the order in which they are listed;
// those that have failed lately come last. A provider that stays silent costs its share of the time
// left; the last one gets all of it, so that a call times out at exactly its deadline. With the
// next provider it goes on, too, where one refuses (`busy`: is_refusal), answers something else, or
// where the path of a routed call answers with an error in its place. What a procedure itself
// answers, errors included, ends the call.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dht/failed_lately.h"
#include "dht/router.h"
#include "dht/served_calls.h"
#include "dht/storage.h"

namespace macula::dht {

struct CallRequest {
  std::string procedure;
  wire::Bytes args;                    // JSON text
  std::optional<Duration> timeout;     // default: the protocol's call_timeout
  std::optional<ContactRef> provider;  // default: found by discovery
  bool routed = false;                 // by RPC_ROUTE through the overlay, in place of CALL
};

// Whether a provider with this error has not carried the call out: another one may.
[[nodiscard]] bool is_refusal(std::string_view code);

// Error codes: timeout, not_found (no provider), no_route, max_hops_exceeded, unreachable, refused,
// bad_reply, and whatever the procedure itself answers.
struct CallResult {
  CallOutcome outcome;
  Duration elapsed{0};
  wire::CallId call_id{};
};

class Calls {
 public:
  using Done = std::function<void(CallResult&)>;

  Calls(Context& context, Searches& searches, Storage& storage, Router& router, ServedCalls& served)
      : context_(&context),
        searches_(&searches),
        storage_(&storage),
        router_(&router),
        served_(&served) {}

  // The done function is called exactly once, possibly before start returns, unless it is
  // cancelled.
  OperationId start(CallRequest request, Done done);
  // Nothing happens where it has ended. A provider that has been asked may still carry it out.
  void cancel(const OperationId& id);

  void on_reply(Token token, wire::Message& message);
  void on_failure(Token token, Failure failure);
  // This node's own application has been silent for its share of the time.
  void on_timer(Token token);

  void keep_contacts(ContactMarks& marks) const;

  [[nodiscard]] std::size_t size() const { return calls_.size(); }

 private:
  struct Call {
    CallRequest request;
    wire::CallId id;
    Time started;
    Time deadline;
    std::vector<ContactRef> providers;  // still to be tried, last first
    Done done;
    std::uint64_t number;                  // of this operation
    OperationId discovery{};               // under way or over
    std::optional<RequestId> in_flight{};  // to a provider or the next hop
    TimerId timer = kNoTimer;              // while this node's application serves it
    bool served_here = false;
    ContactRef trying = kNoContact;
  };

  [[nodiscard]] bool under_way(const OperationId& id) const {
    return calls_.holds(id.slot) && calls_[id.slot].number == id.number;
  }
  void on_discovered(std::size_t slot, const FindResult& found);
  // The provider did not answer; the call ends with this error where there is no other.
  void fail_over(std::size_t slot, wire::CallError error);
  void try_next_provider(std::size_t slot);
  void serve_here(std::size_t slot, const wire::Call& message, Duration share);
  void on_served_here(std::size_t slot, CallOutcome outcome);
  void finish(std::size_t slot, CallOutcome outcome);

  Context* context_;
  Searches* searches_;
  Storage* storage_;
  Router* router_;
  ServedCalls* served_;
  Slots<Call> calls_;
  FailedLately failed_;
};

}  // namespace macula::dht
