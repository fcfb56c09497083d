// Serves a procedure by a shell command: the arguments on its standard input, the result, JSON too,
// on its standard output.
//
//   CommandApplication application(loop, "sum", "jq 'add'", limits);
//   application.attach(node);
//   application.listen({on_bootstrap, on_lookup});   // what else a node tells
//
// Codes of the errors that callers get: not_found (another procedure), busy (too many runs at a
// time), failed (the command ended with another code than 0), timeout, too_large, bad_result (no
// JSON).
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "dht/node/node.h"
#include "dht/node/shares.h"
#include "dht/quic/node/child_process.h"

namespace macula::dht::quic {

struct NodeListeners {
  std::function<void(const Endpoint&, ContactRef)> on_bootstrap{};
  std::function<void(const LookupReport&)> on_lookup{};
};

class CommandApplication final : public Application {
 public:
  // Runs at a time: for calls, shared by those who call, and for casts.
  static constexpr std::size_t kCallsMax = 32;
  static constexpr std::size_t kCastsMax = 16;

  // With an empty command every call is answered with the error `not_served`.
  CommandApplication(Loop& loop, std::string procedure, std::string command,
                     const ChildLimits& limits);

  // Before the node hears anything.
  void attach(Node& node) { node_ = &node; }
  // Either may be missing.
  void listen(NodeListeners listeners) { listeners_ = std::move(listeners); }
  // Kills what still runs; before the node goes.
  void detach();

  void on_call(CallHandle call, const std::string& procedure, const wire::Bytes& args) override;
  void on_cast(const std::string& procedure, const wire::Bytes& args) override;
  void on_bootstrap(const Endpoint& endpoint, ContactRef contact) override {
    if (listeners_.on_bootstrap) listeners_.on_bootstrap(endpoint, contact);
  }
  void on_lookup(const LookupReport& report) override {
    if (listeners_.on_lookup) listeners_.on_lookup(report);
  }

  [[nodiscard]] std::size_t running() const { return calls_.size() + casts_.size(); }

 private:
  struct Call {
    std::unique_ptr<ChildProcess> child;
    NodeId caller;
  };

  [[nodiscard]] std::optional<wire::CallError> refusal(const std::string& procedure) const;
  void on_end(std::uint64_t run, CallHandle call, ChildEnd& end);

  Loop& loop_;
  std::string procedure_;
  std::string command_;
  ChildLimits limits_;
  Node* node_ = nullptr;
  NodeListeners listeners_;
  std::uint64_t last_run_ = 0;
  std::map<std::uint64_t, Call> calls_;  // these two by the number of their run
  std::map<std::uint64_t, std::unique_ptr<ChildProcess>> casts_;
  Shares shares_{kCallsMax};  // of the callers
};

// The caller's outcome of a finished run.
[[nodiscard]] CallOutcome outcome_of(const ChildEnd& end);

}  // namespace macula::dht::quic
