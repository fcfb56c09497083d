// Calls of this node to procedures elsewhere: discovery, the request, failover, one deadline.
//
//   calls.start({"calc.add", args}, [](CallResult& result) { ... });
//
// One timeout covers discovery and all providers, which are asked in the order in which they are
// listed; those that have failed lately come last. Each is asked at most once, and may answer until
// the deadline: the first answer ends the call.
//
// Another one is asked as soon as a provider fails: it cannot be reached, or answers that it does
// not carry the call out (is_refusal), or something that is no answer to it. One that is silent for
// longer than its round trip takes is pinged (dht/table/round_trip.h). If it lives it is at work,
// and gets its share of the time left before another is asked; if not, another is asked at once,
// and where all are silent, the last one by the middle of the time. So a call is carried out by two
// providers only where the first was silent, and a call that nobody answers times out at exactly
// its deadline.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dht/node/failed_lately.h"
#include "dht/node/router.h"
#include "dht/node/served_calls.h"
#include "dht/node/storage.h"

namespace macula::dht {

struct CallRequest {
  std::string procedure;
  wire::Bytes args;                    // JSON text
  std::optional<Duration> timeout;     // default: the protocol's call_timeout
  std::optional<ContactRef> provider;  // default: found by discovery
  bool routed = false;                 // by RPC_ROUTE through the overlay, in place of CALL
};

// Error codes: timeout, not_found (no provider), no_route, max_hops_exceeded, unreachable (the
// provider, or anybody who might know one), refused, bad_reply, and whatever the procedure itself
// answers. Where all providers have failed, it is what one of them has answered, if any has.
struct CallResult {
  CallOutcome outcome;
  Duration elapsed{0};
  wire::CallId call_id{};
};

// Whether a provider with this error has not carried the call out, as it has no room or serves no
// such procedure: another one may.
[[nodiscard]] bool is_refusal(std::string_view code);

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
  // A provider has answered a ping: it lives.
  void on_pong(Token token);
  void on_ping_failure(Token token);
  // Somebody has been silent for its share of the time.
  void on_timer(Token token);

  [[nodiscard]] std::size_t size() const { return calls_.size(); }
  void keep_contacts(ContactMarks& marks) const;

 private:
  // A provider that has been asked.
  struct Attempt {
    ContactRef provider;
    Time asked;
    Duration patience;                   // another is asked after this time, if it shows no life
    Duration share;                      // and after this time if it lives
    std::optional<RequestId> request{};  // under way; nothing where this node serves it
    std::optional<RequestId> ping{};     // under way
    bool pinged = false;
    bool lives = false;
    bool open = true;     // it may still answer
    bool silent = false;  // another was asked in its place, or its time has passed
  };
  struct Call {
    CallRequest request;
    wire::CallId id;
    Time started;
    Time deadline;
    std::vector<ContactRef> providers;  // still to be asked, last first
    Done done;
    std::uint64_t number;             // of this operation
    OperationId discovery{};          // under way or over
    std::vector<Attempt> attempts{};  // in the order of time
    Time all_asked{};                 // by then, where all are silent
    TimerId timer = kNoTimer;
    std::optional<wire::CallError> refusal{};  // the last one
    wire::CallError failure{};                 // the last one
  };

  [[nodiscard]] bool under_way(const OperationId& id) const {
    return calls_.holds(id.slot) && calls_[id.slot].number == id.number;
  }
  void on_discovered(std::size_t slot, const FindResult& found);
  // By the contact that was asked.
  [[nodiscard]] static Attempt& attempt_of(Call& call, ContactRef asked);
  // When the next provider is to be asked, if nothing happens before.
  [[nodiscard]] static Time next_due(const Call& call);
  // How long a provider may show no life before the next one is asked.
  [[nodiscard]] Duration patience_with(const Call& call, ContactRef provider) const;
  // Asks whoever is due, or waits; ends the call where nobody is left to answer.
  void advance(std::size_t slot);
  void ask_next(std::size_t slot);
  void send_to(std::size_t slot, ContactRef provider);
  void serve_here(std::size_t slot, const wire::Call& message);
  void ping(std::size_t slot, Attempt& attempt);
  // kTimeMax: never.
  void wake_at(std::size_t slot, Time time);
  // Ends the call, or goes on to the next provider. `by_provider`: not by the path to it.
  void take_outcome(std::size_t slot, ContactRef provider, CallOutcome outcome, bool by_provider);
  // It will not answer.
  void close(Call& call, Attempt& attempt, wire::CallError error);
  void end_requests(Call& call);
  void finish(std::size_t slot, CallOutcome outcome);
  // Nobody has answered; with `timed_out` the deadline ends it.
  void give_up(std::size_t slot, bool timed_out);

  Context* context_;
  Searches* searches_;
  Storage* storage_;
  Router* router_;
  ServedCalls* served_;
  Slots<Call> calls_;
  FailedLately failed_;
};

}  // namespace macula::dht
