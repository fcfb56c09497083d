// advertise, discover: who serves a procedure.
#include <string>

#include "dht/record/provider.h"
#include "sim/macula/community.h"
#include "sim/macula/judging.h"
#include "sim/macula/verbs.h"

namespace macula::sim {
namespace {

void advertise_on(const Act& act, Running running) {
  MaculaCommunity& nodes = macula(running.world());
  const NodeNumber by = running.by();
  const std::string procedure = act.text("procedure", running.by());
  const dht::Key key = dht::service_key(procedure);
  nodes.serve(by, procedure);
  // It stores the record that it would store at this instant, whatever becomes of it on the way.
  Write write;
  write.by = by;
  write.provider = true;
  write.value = dht::make_provider_record(nodes.book().contact(nodes.contact(by)),
                                          nodes.network().now(), nodes.protocol(by).ttl);
  nodes.records().stored(key, *running.operation().label, write);
  begun(running, node_of(running).advertise(procedure, [running, key](dht::StoreResult& result) {
    end_store(running, result, key, "refused");
  }));
}

std::size_t advertise(Act& act) {
  return act.on_each(act.nodes("by"), [&](Running running) { advertise_on(act, running); });
}

void discover_on(const Act& act, Running running) {
  const std::string procedure = act.text("procedure", running.by());
  const dht::Key key = dht::service_key(procedure);
  macula(running.world()).records().find_begins(key, running.by());
  begun(running, node_of(running).discover(procedure, [running, key](dht::FindResult& found) {
    end_find(running, found, key);
  }));
}

std::size_t discover(Act& act) {
  return act.on_each(act.nodes("by"), [&](Running running) { discover_on(act, running); });
}

}  // namespace

std::vector<Verb> provider_verbs() {
  return {
      {.name = "advertise",
       .about = "Announces a provider and serves its calls.",
       .remark =
           "A called node computes what the last dotted part of the procedure's name says, on the "
           "numbers `a` and `b` of\n`args`: `add`, `subtract`, `multiply`, `divide`, `max`, `min`. "
           "Any other procedure returns its `args`.",
       .example = R"({ by = "eu#0", procedure = "calc.add" })",
       .keys = {by_key(), procedure_key()},
       .operation = OperationInfo{.code = 2, .can_cancel = true, .effect = Effect::puts},
       .act = advertise},
      {.name = "discover",
       .about = "Looks for providers.",
       .example = R"({ by = "us#0", procedure = "calc.add" })",
       .keys = {by_key(), procedure_key()},
       .operation = OperationInfo{.code = 3, .can_cancel = true, .effect = Effect::reads},
       .act = discover},
  };
}

}  // namespace macula::sim
