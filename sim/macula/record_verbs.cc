// store, withdraw, find: what nodes keep for each other.
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "dht/record/provider.h"
#include "sim/macula/community.h"
#include "sim/macula/judging.h"
#include "sim/macula/verbs.h"

namespace macula::sim {
namespace {

// ----- store -----

void store_on(const Act& act, Running running) {
  const Arguments& arguments = act.arguments();
  const dht::Key id = dht::normalize(act.text("key", running.by()));
  const bool sign = arguments.flag("signed");
  const auto shared = std::make_shared<const dht::wire::Value>(
      dht::wire::Value{act.stored("value", "key", running.by(), sign)});
  Write write;
  write.by = running.by();
  write.value = shared;
  write.sign = sign;
  macula(running.world()).records().stored(id, *running.operation().label, write);
  if (arguments.flag("local")) {
    running.end(node_of(running).store_local(id, shared) ? "" : "refused");
    return;
  }
  begun(running,
        node_of(running).store(id, shared, {sign}, [running, id](dht::StoreResult& result) {
          end_store(running, result, id, "refused");
        }));
}

std::size_t store(Act& act) {
  return act.on_each(act.nodes("by"), [&](Running running) { store_on(act, running); });
}

std::string check_store(const Arguments& arguments) {
  if (!arguments.flag("local") || !arguments.flag("signed")) return {};
  return "a store that is `local` is not published, and so not `signed`";
}

// ----- withdraw -----

// Whether there was anything that it had published.
bool withdraw_on(const Act& act, Running running) {
  const NodeNumber by = running.by();
  const bool provider = act.arguments().has("procedure");
  const std::string name = act.text(provider ? "procedure" : "key", by);
  const dht::Key id = provider ? dht::service_key(name) : dht::normalize(name);
  // A node that publishes nothing there says so at once, and has written nothing.
  const auto nothing = std::make_shared<bool>(false);
  const auto done = [running, id, nothing](dht::StoreResult& result) {
    *nothing = !result.stored;
    end_store(running, result, id, "not_found");
  };
  if (provider) {
    node_of(running).withdraw(name, done);
  } else {
    node_of(running).withdraw(id, done);
  }
  return !*nothing && macula(running.world()).records().withdrawn(id, by, provider);
}

std::size_t withdraw(Act& act) {
  std::size_t taken = 0;
  act.on_each(act.nodes("by"),
              [&](Running running) { taken += withdraw_on(act, running) ? 1U : 0U; });
  return taken;
}

std::string check_withdraw(const Arguments& arguments) {
  if (arguments.has("key") != arguments.has("procedure")) return {};
  return "`withdraw` takes a `key` or a `procedure`";
}

// ----- find -----

// The caller has what it wants with the first value that is handed over; its node goes on with the
// find.
void find_first_on(Running running, const dht::Key& id, dht::FindOptions options) {
  const auto ended = std::make_shared<bool>(false);
  options.on_value = [running, id, ended](const dht::wire::SharedValue& value) {
    if (std::exchange(*ended, true)) return;
    dht::FindResult first;
    first.values.push_back(value);
    end_find(running, first, id);
  };
  begun(running,
        node_of(running).find_value(id, options, [running, id, ended](dht::FindResult& found) {
          if (!std::exchange(*ended, true)) end_find(running, found, id);
        }));
}

void find_on(const Act& act, Running running) {
  const dht::Key id = dht::normalize(act.text("key", running.by()));
  const dht::FindOptions options{act.arguments().flag("local"), act.arguments().flag("network"),
                                 std::nullopt};
  macula(running.world()).records().find_begins(id, running.by());
  if (is_set(act.arguments(), "first")) {
    find_first_on(running, id, options);
    return;
  }
  begun(running, node_of(running).find_value(id, options, [running, id](dht::FindResult& found) {
    end_find(running, found, id);
  }));
}

std::size_t find(Act& act) {
  return act.on_each(act.nodes("by"), [&](Running running) { find_on(act, running); });
}

std::string check_find(const Arguments& arguments) {
  if (is_set(arguments, "first") && !arguments.flag("network")) {
    return "`first` is for values that others give: not with `network = false`";
  }
  if (arguments.flag("local") || arguments.flag("network")) return {};
  return "a find with neither `local` nor `network` looks nowhere";
}

}  // namespace

std::vector<Verb> record_verbs() {
  return {
      {.name = "store",
       .about = "Stores a value.",
       .example = R"({ by = "edge1", key = "a", value = "1" })",
       .keys = {by_key(),
                record_key(),
                {.name = "value",
                 .type = KeyType::stored,
                 .example = R"("21.5")",
                 .about = "What is stored: a text, or so many bytes."},
                {.name = "local",
                 .type = KeyType::boolean,
                 .fallback = "false",
                 .example = "true",
                 .about = "Own store only."},
                {.name = "signed",
                 .type = KeyType::boolean,
                 .fallback = "false",
                 .example = "true",
                 .about = "By the node that stores it; each signer has an entry of its own."}},
       .operation = OperationInfo{.code = 0, .can_cancel = true, .effect = Effect::puts},
       .check = check_store,
       .act = store},
      {.name = "withdraw",
       .about = "Takes back what a step made these nodes store or advertise.",
       .remark = "A `key` or a `procedure`.",
       .example = R"({ by = "edge1", key = "a" })",
       .keys = {by_key(),
                {.name = "key",
                 .otherwise = "none",
                 .example = R"("sensor-{n}")",
                 .about = "Of what was stored."},
                {.name = "procedure",
                 .otherwise = "none",
                 .example = R"("calc.add")",
                 .about = "Of what was advertised, in place of a key."}},
       .operation = OperationInfo{.code = 8, .effect = Effect::takes},
       .check = check_withdraw,
       .act = withdraw,
       .in_vain = "found nothing that a live node of `{by}` had published there"},
      {.name = "find",
       .about = "Looks for a value.",
       .example = R"({ by = "edge2", key = "a" })",
       .keys = {by_key(),
                record_key(),
                {.name = "local",
                 .type = KeyType::boolean,
                 .fallback = "true",
                 .example = "false",
                 .about = "Looks into the own store first."},
                {.name = "network",
                 .type = KeyType::boolean,
                 .fallback = "true",
                 .example = "false",
                 .about = "Then asks other nodes."},
                {.name = "first",
                 .type = KeyType::boolean,
                 .otherwise = "false",
                 .example = "true",
                 .about = "Ends with the first value that comes, while the node asks on."}},
       .operation = OperationInfo{.code = 1, .can_cancel = true, .effect = Effect::reads},
       .check = check_find,
       .act = find},
  };
}

}  // namespace macula::sim
