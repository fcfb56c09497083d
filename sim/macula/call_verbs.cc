// call, cast: procedures of other nodes.
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "sim/macula/community.h"
#include "sim/macula/findings.h"
#include "sim/macula/returned.h"
#include "sim/macula/verbs.h"

namespace macula::sim {
namespace {

// Whether there was anybody to call.
bool call_on(const Act& act, Running running) {
  MaculaCommunity& nodes = macula(running.world());
  const std::optional<Duration> timeout = act.arguments().duration("timeout");
  running.promised(timeout.value_or(nodes.protocol(running.by()).call_timeout));
  dht::CallRequest request{act.text("procedure", running.by()),
                           act.sent("args", "procedure", running.by()), timeout, std::nullopt,
                           act.arguments().flag("routed")};
  if (act.arguments().has("to")) {
    const auto to = act.nodes("to", running.by());
    if (to.empty()) {
      running.end("not_found");
      return false;
    }
    request.provider = nodes.contact(to.front());
  }
  // The first frame may leave before the call's id is known here, so forwards are counted by it and
  // looked up at the end.
  const auto done = [running](dht::CallResult& result) {
    MaculaWatch* watch = macula(running.world()).watching();
    const std::uint32_t forwards = watch != nullptr ? watch->take_forwards(result.call_id) : 0;
    if (forwards > 0) findings_of(running.operation()).forwards = forwards;
    if (const auto* answer = std::get_if<dht::wire::Bytes>(&result.outcome)) {
      running.operation().answer = *answer;
    }
    running.end(error_of(result), word_of(result));
  };
  begun(running, node_of(running).call(std::move(request), done));
  return true;
}

std::size_t call(Act& act) {
  std::size_t addressed = 0;
  act.on_each(act.nodes("by"),
              [&](Running running) { addressed += call_on(act, running) ? 1U : 0U; });
  return addressed;
}

bool is_routed(const Arguments& arguments) {
  return arguments.flag("routed");
}

std::size_t cast(Act& act) {
  std::size_t sent = 0;
  for (const NodeNumber to : act.nodes("to")) {
    sent += act.on_each(act.nodes("by", to), [&](Running running) {
      node_of(running).cast(macula(act.world()).contact(to), act.text("procedure", running.by()),
                            act.sent("args", "procedure", running.by()));
      running.end("");
    });
  }
  return sent;
}

VerbKey args_key() {
  return {.name = "args",
          .type = KeyType::arguments,
          .example = "{ a = 2, b = 3 }",
          .about = "Sent as JSON; `bytes` alone is a size."};
}

VerbKey to_key() {
  return {
      .name = "to", .type = KeyType::selector, .example = R"("edge3")", .about = "Who is called."};
}

VerbKey discovered(VerbKey key) {
  key.otherwise = "discovered";
  return key;
}

}  // namespace

std::vector<Verb> call_verbs() {
  return {
      {.name = "call",
       .about = "Calls a procedure and waits for the answer.",
       .example = R"({ by = "us#0", procedure = "calc.add", args = { a = 2 } })",
       .keys = {by_key(),
                procedure_key(),
                args_key(),
                {.name = "timeout",
                 .type = KeyType::duration,
                 .follows = "call_timeout",
                 .example = R"("5s")",
                 .about = "Wait for the answer."},
                discovered(to_key()),
                {.name = "routed",
                 .type = KeyType::boolean,
                 .fallback = "false",
                 .example = "true",
                 .about = "RPC_ROUTE from node to node in place of CALL."}},
       .operation = OperationInfo{.code = 4, .can_cancel = true},
       .act = call,
       .watches_messages = is_routed},
      {.name = "cast",
       .about = "Calls without an answer.",
       .example = R"({ by = "us#0", procedure = "calc.add", to = "eu#0" })",
       .keys = {by_key(), procedure_key(), args_key(), to_key()},
       .operation = OperationInfo{.code = 5},
       .act = cast},
  };
}

}  // namespace macula::sim
