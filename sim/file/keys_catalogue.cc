#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "sim/file/key_makers.h"
#include "sim/file/keys.h"

namespace macula::sim {
namespace {

void append(Keys& all, Keys some) {
  all.insert(all.end(), some.begin(), some.end());
}

Keys top_keys() {
  Keys keys = {
      inner("", "scenario", "scenario", false, "[scenario]", "Name, length and modes of the run."),
      inner("", "protocol", "protocol", false, "[protocol]", "Parameters, over the profile's."),
      inner("", "latency", "latency", false, "[latency]", "Delays between nodes."),
      inner("", "link", "link", false, "[link.home]", "Classes of access links."),
      inner("", "node", "node", true, "[[node]]", "A node of its own."),
      inner("", "group", "group", true, "[[group]]", "Nodes that differ in number only."),
      inner("", "churn", "churn", false, "[churn.flaky]", "Classes of nodes that come and go."),
      inner("", "at", "at", true, "[[at]]", "What happens, and when."),
      inner("", "expect", "expect", true, "[[expect]]", "What must hold."),
      inner("", "sweep", "sweep", false, "[sweep]", "What `sweep` varies."),
      inner("link", "*", "link.NAME", false, "[link.home]", "A class of access links."),
      inner("churn", "*", "churn.NAME", false, "[churn.flaky]", "A class of nodes."),
  };
  keys.front().required = true;
  return keys;
}

std::string quoted(std::string_view text) {
  return fmt::format("\"{}\"", text);
}

std::string profile_names(const Kit& kit) {
  std::vector<std::string_view> names;
  for (const Profile& profile : kit.profiles) names.push_back(profile.name);
  return fmt::format("{}", fmt::join(names, ", "));
}

Keys protocol_keys(const Kit& kit) {
  Keys keys;
  for (const Parameter& parameter : kit.parameters) {
    keys.push_back(optional("protocol", parameter.key, parameter.type,
                            parameter.follows.empty() ? "of the profile" : parameter.follows,
                            parameter.example, parameter.about));
  }
  return keys;
}

Keys scenario_keys(const Kit& kit) {
  const std::string_view t = "scenario";
  return {
      required(t, "schema", "1", "1", "Version of this format."),
      required(t, "name", "text", "\"strict/peer_discovery\"", "Name in results."),
      fallback(t, "about", "text", "\"\"", "\"Two regions split for 60 s.\"",
               "What it shows, in a line."),
      required(t, "duration", "duration", "\"15min\"", "How long it runs, in virtual time."),
      fallback(t, "seed", "integer", "1", "42",
               "Seed of every random draw; `--seed` goes over it."),
      fallback(t, "profile", profile_names(kit), quoted(kit.profiles.front().name),
               quoted(kit.profiles.back().name), "Named set of protocol parameters and rules."),
      fallback(t, "wire", "typed, encoded", "\"typed\"", "\"encoded\"",
               "Whether messages are encoded and decoded at every hop."),
      fallback(t, "chunks", "whole, random", "\"whole\"", "\"random\"",
               "How encoded byte streams are cut into pieces."),
      fallback(
          t, "tables", "joined, ideal, ring, none", "\"joined\"", "\"ideal\"",
          "Routing tables at the start: by joining, as full knowledge would fill them, the `k` "
          "neighbours in the order of the file, or only `knows`."),
      fallback(t, "storage", "nodes, shared", "\"nodes\"", "\"shared\"",
               "Whether each node has its own store, or all read one (the oracle)."),
      fallback(t, "reach", "direct, relay", "\"direct\"", "\"relay\"",
               "Whether nodes reach each other directly, or those with a `relay` through it."),
      fallback(t, "identity", "bound, unbound", "\"bound\"", "\"unbound\"",
               "Whether a node's id is that of its key, or SHA-256 of its name."),
      fallback(t, "connections", "cold, warm", "\"cold\"", "\"warm\"",
               "Whether connections exist at the start."),
      fallback(t, "ties", "insertion, shuffled", "\"insertion\"", "\"shuffled\"",
               "Order of events at one instant."),
      fallback(t, "record", "boolean", "false", "true",
               "A record of what was published: it may expect nothing."),
      optional(t, "fates", "text", "those of the seed", "\"other\"",
               "Another text gives all packets other fates; all else is drawn as before."),
      inner(t, "fates_after", "fates_after", false, "{ t = \"60s\", salt = \"a\" }",
            "Other fates for the packets sent later than `t`."),
      fallback(t, "max_events", "integer", "1000000000", "1000000",
               "Limit of events; reaching it fails the run."),
  };
}

Keys network_keys() {
  const std::string_view l = "latency";
  const std::string_view n = "link.NAME";
  return {
      optional(l, "matrix", "path of a CSV file", "none", "\"data/regions.csv\"",
               "Delays between regions."),
      optional(l, "matrix_unit", "rtt_ms, rtt_us, one_way_ms, one_way_us", "as the matrix says",
               "\"rtt_ms\"",
               "What the numbers of a square matrix are, where its first cell does not say."),
      fallback(l, "default", "distribution", "\"20ms\"", "\"uniform(5ms, 40ms)\"",
               "One-way delay of pairs that the matrix does not cover, drawn once a pair."),
      fallback(l, "loss", "share", "\"0%\"", "\"0.5%\"",
               "Packets lost between pairs that the matrix does not cover."),
      fallback(n, "delay", "distribution", "\"0s\"", "\"10ms\"", "Added to every packet."),
      fallback(n, "jitter", "distribution", "\"0s\"", "\"lognormal(median=2ms, sigma=0.6)\"",
               "Drawn for every packet."),
      fallback(n, "loss", "share, or { model, p }", "\"0%\"", "{ model = \"iid\", p = \"2%\" }",
               "Packets lost, each independently."),
  };
}

Keys population_keys(const Kit& kit, std::string_view t) {
  const bool group = t == "group";
  Keys keys = {required(t, "name", "name", group ? "\"eu\"" : "\"edge1\"",
                        "Unique; letters, digits, `-`, `_`, `.`.")};
  if (group) {
    append(keys, {
                     optional(t, "count", "1 to 10000000", "required without `members`", "100",
                              "How many nodes, or numbers of nodes."),
                     optional(t, "members", "list of numbers", "all of them", "[3, 17, 42]",
                              "Which of them are there; names, ids and addresses stay theirs."),
                     optional(t, "without", "list of numbers", "none", "[5]",
                              "Which of them are not there, in place of `members`."),
                 });
  }
  append(keys,
         {
             fallback(t, "role", "bootstrap, gateway, edge", "\"edge\"", "\"gateway\"",
                      "What the node is for."),
             optional(t, "profile", "as in [scenario]", "that of [scenario]",
                      quoted(kit.profiles.back().name), "Protocol of these nodes."),
             optional(t, "region", "name", "none", "\"eu\"", "Row and column of the matrix."),
             optional(t, "link", "name", "none", "\"home\"", "Its `[link.NAME]`."),
             inner(t, "join", "join", false, "{ via = \"bootstrap\" }", "How and when it joins."),
             optional(t, "relay", "name", "none", "\"gateway\"",
                      "The gateway it is reached through, where `reach = \"relay\"`."),
             fallback(t, "mode", "server, client", "\"server\"", "\"client\"",
                      "Whether it takes part, or only asks: clients enter no table."),
             fallback(t, "ids", "name, seeded", "\"name\"", "\"seeded\"",
                      "What the node id follows from: the name, or name and seed."),
             optional(t, "announce", "address:port", "where it listens", "\"172.21.0.10:9443\"",
                      "What it tells others of where it listens: a wrong address, or another's."),
             fallback(t, "activation", "duration", "\"0s\"", "\"500ms\"",
                      "Longest time from a message's arrival to its handling, drawn for each."),
         });
  if (group) return keys;
  keys.push_back(optional(t, "endpoint", "address:port", "by position", "\"172.21.0.10:9443\"",
                          "Where it listens."));
  keys.push_back(optional(t, "knows", "list of node names", "nobody", "[\"bootstrap\"]",
                          "Put into its table at the start."));
  return keys;
}

Keys join_keys() {
  return {
      required("join", "via", "node name", "\"bootstrap\"", "Whom it asks first."),
      fallback("join", "at", "duration", "\"0s\"", "\"10s\"", "When the first of them starts."),
      fallback("join", "spread", "duration", "\"0s\"", "\"30s\"",
               "Starts are drawn uniformly over this time."),
  };
}

Keys fates_after_keys() {
  return {
      required("fates_after", "t", "duration", "\"60s\"", "Up to when all is as it was."),
      required("fates_after", "salt", "text", "\"a\"", "Another text, other fates."),
  };
}

Keys churn_keys() {
  const std::string_view t = "churn.NAME";
  return {
      required(t, "applies_to", "selector", "\"eu\"", "Which nodes; none is in two classes."),
      optional(t, "session", "distribution", "required without `trace`",
               "\"weibull(shape=0.59, scale=41min)\"", "How long a node is up."),
      optional(t, "downtime", "distribution", "it stays down", "\"exponential(mean=5min)\"",
               "How long it is down."),
      optional(t, "trace", "path of a CSV file", "none", "\"data/trace.csv\"",
               "When which node goes up and down, in place of the distributions."),
      fallback(t, "restart", "keep-identity, keep-state, nothing", "\"keep-identity\"",
               "\"keep-state\"",
               "What comes back: the id, its contacts and records too, or a node with a new id."),
      fallback(
          t, "start", "alive, stationary, fresh", "\"alive\"", "\"stationary\"",
          "Nodes there at `from` are all up amid sessions, up or down as after a long time, or "
          "all begin one."),
      fallback(t, "from", "duration", "\"0s\"", "\"10min\"", "When it begins."),
      optional(t, "until", "duration", "the end of the run", "\"1h\"",
               "No node goes down after this; those that are down come back."),
      fallback(t, "may_miss", "boolean", "false", "true",
               "Whether the run may go well though it takes nobody down and brings nobody back."),
  };
}

Keys step_keys() {
  const std::string_view t = "at";
  return {
      required(t, "t", "duration", "\"90s\"", "When it happens, from the start."),
      optional(t, "every", "duration, or distribution", "once", "\"1s\"",
               "Repeats with this period; one that is drawn is drawn anew each time."),
      optional(t, "think", "duration, or distribution", "none", "\"exponential(mean=2s)\"",
               "Each node of `by` repeats it by itself, so long after its last has ended."),
      optional(t, "until", "duration", "the end of the run", "\"14min\"",
               "Last instant of the repetition."),
      optional(t, "label", "text", "none", "\"probe\"", "Names its operations for metrics."),
      optional(t, "id", "text", "its label, else what it says", "\"reads\"",
               "What its draws depend on, beside the seed: whatever else changes, they stay."),
      fallback(t, "may_miss", "boolean", "false", "true",
               "Whether the run may go well though the step hits nobody."),
  };
}

Keys expectation_keys() {
  const std::string_view t = "expect";
  return {
      required(t, "name", "text", "\"callable after the heal\"", "Name in results."),
      required(t, "metric", "metric", "\"success_rate(probe)\"", "What is measured."),
      optional(t, "equals", "bound, or node names", "none", "3", "Exactly this."),
      optional(t, "at_least", "bound", "none", "\"99%\"", "This or more."),
      optional(t, "at_most", "bound", "none", "\"80ms\"", "This or less."),
      optional(t, "between", "[bound, bound]", "none", "[2, 4]", "From the first to the second."),
      optional(t, "near", "bound", "none", "1.82",
               "This, give or take the gate; both are printed with the difference."),
      optional(t, "gate", "bound", "none", "0.05", "Of `near`: how far off the measure may be."),
      optional(t, "finally", "true", "true", "true", "At the end, over the whole run."),
      optional(t, "at", "duration", "none", "\"10s\"", "At one instant."),
      optional(t, "during", "[duration, duration]", "none", "[\"5min30s\", \"14min\"]",
               "Over a window."),
      optional(t, "within", "duration", "none", "\"60s\"", "True at some poll up to then."),
      optional(t, "always", "true", "none", "true",
               "True at every poll; `during` limits the polls."),
      optional(t, "every", "duration", "1s", "\"100ms\"",
               "Period of the polls of `within` and `always`."),
  };
}

Keys sweep_keys() {
  const std::string_view t = "sweep";
  return {
      optional(t, "seeds", "\"A..B\"", "those of `--seeds`", "\"1..20\"",
               "Seeds that each point runs with."),
      optional(t, "grid", "table of lists", "that of `--grid`",
               "{ \"protocol.alpha\" = [1, 3], \"latency.loss\" = [\"0%\", \"5%\"] }",
               "Keys, as `--set` names them, and their values: a point for each combination."),
      inner(t, "point", "sweep.point", true, "[{ set = { \"protocol.k\" = 8 } }]",
            "In place of `grid`: a point by itself, with what is expected there."),
      required("sweep.point", "set", "table", "{ \"protocol.k\" = 8 }",
               "Keys, as `--set` names them, and their values; all points set the same keys."),
      optional(
          "sweep.point", "expect", "table", "as in [[expect]]",
          "{ depth = 1.02, requests = { near = 9.0, gate = 0.2 } }",
          "By the name of an `[[expect]]`, its bound there, or several of its keys; all points "
          "name the same."),
  };
}

// Whether a key speaks of routing tables, records, ids or gateways: other protocols have none of
// them.
bool is_of_a_dht(const KeyInfo& info) {
  constexpr std::string_view kScenario[] = {"tables", "storage", "reach", "identity"};
  constexpr std::string_view kPopulation[] = {"relay", "ids"};
  const auto has = [&](const auto& keys) {
    return std::find(std::begin(keys), std::end(keys), info.key) != std::end(keys);
  };
  return info.table == "scenario"
             ? has(kScenario)
             : (info.table == "node" || info.table == "group") && has(kPopulation);
}

// The keys that tell nodes of others, and what they are for.
bool introduces(const KeyInfo& info) {
  if (info.table == "join") return info.key == "via";
  return (info.table == "node" || info.table == "group") &&
         (info.key == "role" || info.key == "knows");
}

}  // namespace

Keys general_keys(const Kit& kit) {
  Keys all = top_keys();
  append(all, scenario_keys(kit));
  append(all, protocol_keys(kit));
  append(all, network_keys());
  append(all, population_keys(kit, "node"));
  append(all, population_keys(kit, "group"));
  append(all, join_keys());
  append(all, fates_after_keys());
  append(all, churn_keys());
  append(all, step_keys());
  append(all, expectation_keys());
  append(all, sweep_keys());
  if (!kit.keyed) std::erase_if(all, is_of_a_dht);
  if (!kit.introduces) std::erase_if(all, introduces);
  return all;
}

}  // namespace macula::sim
