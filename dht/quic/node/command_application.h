// Serves a procedure by a shell command: the arguments on its standard input, the result, JSON too,
// on its standard output.
//
//   CommandApplication application(loop, "sum", "jq 'add'", limits);
//   application.attach(node);
//
// Codes of the errors that callers get: not_found (another procedure), busy (too many runs at a
// time), failed (the command ended with another code than 0), timeout, too_large, bad_result (no
// JSON).
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>

#include "dht/node.h"
#include "dht/quic/node/child_process.h"

namespace macula::dht::quic {

class CommandApplication final : public Application {
 public:
  static constexpr std::size_t kRunsMax = 32;  // at a time

  // With an empty command every call is answered with the error `not_served`.
  CommandApplication(Loop& loop, std::string procedure, std::string command,
                     const ChildLimits& limits);

  // Before the node hears anything.
  void attach(Node& node) { node_ = &node; }
  // Kills what still runs; before the node goes.
  void detach();

  void on_call(CallHandle call, const std::string& procedure, const wire::Bytes& args) override;
  void on_cast(const std::string& procedure, const wire::Bytes& args) override;

  [[nodiscard]] std::size_t running() const { return runs_.size(); }

 private:
  [[nodiscard]] std::optional<wire::CallError> refusal(const std::string& procedure) const;
  void on_end(std::uint64_t run, CallHandle call, ChildEnd& end);

  Loop& loop_;
  std::string procedure_;
  std::string command_;
  ChildLimits limits_;
  Node* node_ = nullptr;
  std::uint64_t last_run_ = 0;
  std::map<std::uint64_t, std::unique_ptr<ChildProcess>> runs_;
};

// What a finished run says to the caller.
[[nodiscard]] CallOutcome outcome_of(const ChildEnd& end);

}  // namespace macula::dht::quic
