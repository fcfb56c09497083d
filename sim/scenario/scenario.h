// A scenario as read from its file: plain data, checked, with every default filled in.
//
//   auto scenario = parse_scenario(kit, "partition-heal.toml");  // sim/file/parse.h
//   RunResult result = run_scenario(*scenario, seed);       // sim/run/run.h
//
// The format is documented key by key in scenarios/README.md.
#pragma once

#include <any>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/text/diagnostic.h"
#include "base/text/place.h"
#include "base/time.h"
#include "sim/engine/distribution.h"
#include "sim/net/link_model.h"
#include "sim/scenario/arguments.h"
#include "sim/scenario/group_numbers.h"
#include "sim/scenario/kit.h"
#include "sim/scenario/metric.h"
#include "sim/scenario/selector.h"
#include "sim/scenario/sweep.h"
#include "transport/endpoint.h"

namespace macula::sim {

// The values of `--set KEY=VALUE`: the dotted key and the text of the value. They reach every key:
// `protocol.k`, `node.edge1.role`, `group.eu.count`, `at.0.t`, `expect.1.at_least`.
using Overrides = std::vector<std::pair<std::string, std::string>>;

enum class WireMode : std::uint8_t { typed, encoded };
enum class Tables : std::uint8_t { joined, ideal, ring, none };
enum class Storage : std::uint8_t { nodes, shared };
enum class Reach : std::uint8_t { direct, relay };
enum class Identity : std::uint8_t { bound, unbound };
enum class Connections : std::uint8_t { cold, warm };
enum class Role : std::uint8_t { bootstrap, gateway, edge };
enum class Chunks : std::uint8_t { whole, random };  // how `encoded` byte streams are cut
enum class Ties : std::uint8_t { insertion, shuffled };
enum class Mode : std::uint8_t { server, client };  // a client only asks: it is in no table
enum class Ids : std::uint8_t { name, seeded };     // from the name, or from name and seed

struct Join {
  std::string via;     // node name
  Duration at{0};      // when the first of them starts
  Duration spread{0};  // starts are drawn uniformly over this time
  Place place;
};

// A [[node]], whose name is its own, or a [[group]], whose nodes are named "eu#0", "eu#1"..
struct Population {
  std::string name;
  std::optional<GroupNumbers> group;
  std::optional<transport::Endpoint> endpoint;  // of a node; others get addresses by position
  std::optional<transport::Endpoint> announce;  // what others are told, where it is another
  Role role = Role::edge;
  std::optional<std::string> profile;  // in place of the scenario's
  std::string region;                  // empty: none
  std::string link;                    // name of a [link.*]; empty: none
  std::optional<Join> join;
  std::vector<std::string> knows;  // names put into its table at the start
  std::string relay;               // its gateway, where reach = "relay"; empty: reached directly
  Mode mode = Mode::server;
  Ids ids = Ids::name;
  Duration activation{0};  // a message is handed over up to this long after it has arrived, drawn
  Place place;
};

[[nodiscard]] inline std::uint32_t size_of(const Population& population) {
  return population.group ? population.group->size() : 1;
}

// ----- churn: nodes that come and go -----

// The state that a node that comes back has kept.
enum class ChurnRestart : std::uint8_t {
  keep_identity,  // id and address
  keep_state,     // its contacts and records, too
  nothing,        // not even the id: it comes back as a node that was never seen
};

// How the nodes of a class stand where its churn begins.
enum class ChurnStart : std::uint8_t {
  alive,       // all up, each in the middle of a session
  stationary,  // up or down as after a long time, each in the middle of it
  fresh,       // all up, each at the beginning of a session
};

// A row of a trace.
struct TraceEvent {
  Duration time{0};
  std::string node;
  bool up = false;
};

// A [churn.NAME]: a class of nodes whose sessions and downtimes are drawn, or follow a trace.
struct Churn {
  std::string name;
  Selector applies_to;  // named, indexed, all, lists and samples of them
  Distribution session;
  std::optional<Distribution> downtime;  // nothing: they do not come back
  ChurnRestart restart = ChurnRestart::keep_identity;
  ChurnStart start = ChurnStart::alive;
  Duration from{0};
  Duration until{0};               // no node goes down after this
  std::vector<TraceEvent> events;  // by time; with `traced` in place of the distributions
  bool traced = false;
  bool may_miss = false;  // where it takes nobody down, that is no error
  Place place;
};

// ----- steps: what happens, and when -----

// Texts of its label and of its arguments may hold "{n}": the number of the repetition, from 0.
struct Step {
  // The identity on which its draws depend, beside the seed and the repetition: its `id`, else its
  // label, else its text, and which it is among those that are alike.
  std::uint64_t identity = 0;
  std::string id;  // empty: none
  Duration t{0};
  std::optional<Distribution> every;       // repeats; each pause is drawn anew
  std::optional<Distribution> think;       // or each node of `by` does, so long after it has ended
  std::optional<Duration> until;           // the last instant at which it does
  std::string label;                       // of the operation, for metrics; empty: none
  std::optional<Duration> cancel_after{};  // since each operation began
  bool may_miss = false;                   // where it hits nobody, that is no error
  const Verb* verb = nullptr;              // a row of the scenario's kit
  Arguments arguments{};
  Place place{};
};

// ----- expectations -----

enum class When : std::uint8_t {
  finally,  // at the end of the run
  at,       // at one instant
  during,   // over the samples of a window; for the state of nodes: at its end
  within,   // true at some poll up to `to`
  always,   // true at every poll from `from` to `to`
};

enum class Comparison : std::uint8_t {
  equals,
  at_least,
  at_most,
  between,
  near  // a stated value, give or take a gate
};

struct Expectation {
  std::string name;
  When when = When::finally;
  Duration from{0};
  Duration to{0};
  Duration every = std::chrono::seconds(1);  // between polls of `within` and `always`
  Metric metric;
  Comparison comparison = Comparison::at_least;
  double low = 0;  // bounds in the metric's unit: rates 0 to 1, *_ms in milliseconds
  double high = 0;
  double value = 0;  // of `near`: what is stated; the bounds are this less and plus the gate
  double gate = 0;
  // For `equals` on a set of nodes (`holders`): the names. Then low is their number.
  std::optional<std::vector<std::string>> nodes;
  std::string expected;  // as shown: ">= 0.99"
  Place place;
};

// ----- the whole -----

// Packets sent later than `t` have the fates of this salt; all is as it was up to then.
struct FatesAfter {
  Duration t{0};
  std::string salt;
};

struct Scenario {
  const Kit* kit = nullptr;  // that it was read with: its steps point into it
  std::string file;          // as given on the command line
  Overrides overrides;       // that it was read with
  // The hash of the file with all defaults, overrides and the contents of the files it names, but
  // for its seed: the same on every machine and under every path.
  std::uint64_t hash = 0;
  std::vector<std::string> inputs;  // paths of the files that it names
  std::string name;
  std::string about;
  std::uint64_t seed = 1;
  Duration duration{0};
  std::uint64_t max_events = 1'000'000'000;
  std::string profile;
  WireMode wire = WireMode::typed;
  Chunks chunks = Chunks::whole;
  Tables tables = Tables::joined;
  Storage storage = Storage::nodes;
  Reach reach = Reach::direct;
  Identity identity = Identity::bound;
  Connections connections = Connections::cold;
  Ties ties = Ties::insertion;
  bool record = false;  // a record of what was published: may assert nothing
  std::string fates;    // another text, other fates of packets; empty: those of the seed
  std::optional<FatesAfter> fates_after;

  std::any protocol;  // the parameters of `profile`, with [protocol] over them: parameter.h
  // The other profiles that populations name, each with [protocol] over it.
  std::vector<std::pair<std::string, std::any>> other_profiles;

  LinkModel links;  // [latency] and [link.*]
  std::vector<Population> populations;
  std::vector<Churn> churn;  // no node is in two of them
  std::vector<Step> steps;
  std::vector<Expectation> expectations;
  Sweep sweep;  // of the file as it is: no part of the run, nor of `hash`

  // The file, line by line, to cite from.
  std::shared_ptr<const std::vector<std::string>> source;

  Diagnostics warnings;  // what stands in the file and has no effect
};

}  // namespace macula::sim
