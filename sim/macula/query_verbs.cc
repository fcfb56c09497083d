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

dht::NodeId node_id(MaculaCommunity& nodes, NodeNumber node) {
  return nodes.book().id(nodes.contact(node));
}

VerbKey optional_record_key() {
  VerbKey key = record_key();
  key.otherwise = "none";
  return key;
}

void lookup_on(const Act& act, Running running) {
  const dht::NodeId target = is_set(act.arguments(), "own")
                                 ? node_id(macula(running.world()), running.by())
                                 : dht::normalize(act.text("key", running.by()));
  begun(running, node_of(running).lookup(target, [running, target](dht::SearchResult& result) {
    add_search(running, result, true, target);
    running.end(error_of(result), word_of(result, macula(running.world()).book()));
  }));
}

std::size_t lookup(Act& act) {
  return act.on_each(act.nodes("by"), [&](Running running) { lookup_on(act, running); });
}

std::string check_lookup(const Arguments& arguments) {
  if (arguments.has("key") != is_set(arguments, "own")) return {};
  return "`lookup` takes a `key`, or `own = true`";
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
       .remark = "A `key`, or `own`.",
       .example = "{ by = \"any(eu)\", key = \"a\" }",
       .keys = {by_key(),
                optional_record_key(),
                {.name = "own",
                 .type = KeyType::boolean,
                 .otherwise = "false",
                 .example = "true",
                 .about = "Each looks for its own id, in place of a key."}},
       .operation = OperationInfo{.code = 7, .can_cancel = true},
       .check = check_lookup,
       .act = lookup},
  };
}

}  // namespace macula::sim
