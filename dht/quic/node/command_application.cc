#include "dht/quic/node/command_application.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "base/check.h"
#include "dht/quic/node/log.h"

namespace macula::dht::quic {
namespace {

std::string without_newlines(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

}  // namespace

CallOutcome outcome_of(const ChildEnd& end) {
  switch (end.cause) {
    case ChildEnd::Cause::too_long:
      return wire::CallError{"timeout", "the command took too long"};
    case ChildEnd::Cause::too_much:
      return wire::CallError{"too_large", "the command wrote too much"};
    case ChildEnd::Cause::killed:
      return wire::CallError{"failed",
                             fmt::format("the command was ended by signal {}", end.status)};
    case ChildEnd::Cause::exited:
      break;
  }
  std::string output = without_newlines(end.output);
  if (end.status != 0) {
    return wire::CallError{"failed", fmt::format("the command ended with {}", end.status)};
  }
  if (!nlohmann::json::accept(output)) {
    return wire::CallError{"bad_result", "the command wrote no JSON"};
  }
  return output;
}

CommandApplication::CommandApplication(Loop& loop, std::string procedure, std::string command,
                                       const ChildLimits& limits)
    : loop_(loop),
      procedure_(std::move(procedure)),
      command_(std::move(command)),
      limits_(limits) {}

void CommandApplication::detach() {
  calls_.clear();
  casts_.clear();
  node_ = nullptr;
}

std::optional<wire::CallError> CommandApplication::refusal(const std::string& procedure) const {
  if (procedure != procedure_) return wire::CallError{"not_found", "no such procedure here"};
  if (command_.empty()) return wire::CallError{"not_served", "advertised without a command"};
  return std::nullopt;
}

void CommandApplication::on_call(CallHandle call, const std::string& procedure,
                                 const wire::Bytes& args) {
  MACULA_CHECK(node_ != nullptr);
  if (auto refused = refusal(procedure)) {
    node_->answer(call, std::move(*refused));
    return;
  }
  const NodeId caller = node_->caller(call);
  if (!shares_.take(caller, 1)) {
    node_->answer(call, wire::CallError{"busy", "too many calls at a time"});
    return;
  }
  const std::uint64_t run = ++last_run_;
  const auto done = [this, run, call](ChildEnd& end) { on_end(run, call, end); };
  auto child = ChildProcess::start(loop_, command_, args, limits_, done);
  if (!child) {
    log(child.error());
    shares_.give_back(caller, 1);
    node_->answer(call, wire::CallError{"busy", "the command could not be started"});
    return;
  }
  calls_.emplace(run, Call{std::move(*child), caller});
}

void CommandApplication::on_cast(const std::string& procedure, const wire::Bytes& args) {
  if (refusal(procedure) || casts_.size() >= kCastsMax) return;
  const std::uint64_t run = ++last_run_;
  auto child = ChildProcess::start(loop_, command_, args, limits_,
                                   [this, run](ChildEnd&) { casts_.erase(run); });
  if (child) casts_.emplace(run, std::move(*child));
}

void CommandApplication::on_end(std::uint64_t run, CallHandle call, ChildEnd& end) {
  CallOutcome outcome = outcome_of(end);
  if (const auto* error = std::get_if<wire::CallError>(&outcome)) {
    log(fmt::format("a call of {} failed: {}", procedure_, error->message));
  }
  const auto ended = calls_.find(run);
  shares_.give_back(ended->second.caller, 1);
  calls_.erase(ended);
  node_->answer(call, std::move(outcome));
}

}  // namespace macula::dht::quic
