// ping, lookup: what nodes ask of each other.
#include "sim/macula/community.h"
#include "sim/macula/judging.h"
#include "sim/macula/returned.h"
#include "sim/macula/verbs.h"

namespace macula::sim {
namespace {

std::size_t ping(Act& act) {
  MaculaCommunity& nodes = macula(act.world());
  std::size_t sent = 0;
  for (const NodeNumber to : act.nodes("to")) {
    sent += act.on_each(act.nodes("by", to), [&](Running running) {
      const Duration timeout =
          act.arguments().duration("timeout").value_or(nodes.protocol(running.by()).query_timeout);
      running.promised(timeout);
      node_of(running).ping(nodes.contact(to), timeout, [running](const dht::PingResult& result) {
        running.end(error_of(result), word_of(result));
      });
    });
  }
  return sent;
}

void lookup_on(const Act& act, Running running) {
  const dht::NodeId target = dht::normalize(act.text("key", running.by()));
  begun(running, node_of(running).lookup(target, [running, target](dht::SearchResult& result) {
    add_search(running, result, true, target);
    running.end(error_of(result), word_of(result, macula(running.world()).book()));
  }));
}

std::size_t lookup(Act& act) {
  return act.on_each(act.nodes("by"), [&](Running running) { lookup_on(act, running); });
}

}  // namespace

std::vector<Verb> query_verbs() {
  return {
      {.name = "ping",
       .about = "Sends PING, expects PONG.",
       .example = R"({ by = "edge1", to = "edge2" })",
       .keys = {{.name = "by",
                 .type = KeyType::selector,
                 .example = R"("edge1")",
                 .about = "Who asks."},
                {.name = "to",
                 .type = KeyType::selector,
                 .example = R"("edge2")",
                 .about = "Who is asked."},
                {.name = "timeout",
                 .type = KeyType::duration,
                 .follows = "query_timeout",
                 .example = R"("5s")",
                 .about = "Wait for the answer."}},
       .operation = OperationInfo{.code = 6},
       .act = ping},
      {.name = "lookup",
       .about = "Looks for the nodes closest to a key.",
       .example = "{ by = \"any(eu)\", key = \"a\" }",
       .keys = {by_key(), record_key()},
       .operation = OperationInfo{.code = 7, .can_cancel = true},
       .act = lookup},
  };
}

}  // namespace macula::sim
