#include "kit.h"

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/hash.h"
#include "codec.h"
#include "gossip.h"
#include "sim/file/parameter.h"
#include "sim/run/act.h"
#include "sim/run/community_of.h"
#include "sim/run/fault_verbs.h"
#include "sim/run/general_metrics.h"
#include "sim/run/invariant_view.h"
#include "sim/run/state.h"

namespace gossip {
namespace {

namespace sim = macula::sim;

// ----- the nodes -----

class Nodes final : public sim::CommunityOf<Rumours, RumourCodec, Gossip> {
 public:
  using CommunityOf::CommunityOf;

  [[nodiscard]] std::optional<std::vector<sim::NodeNumber>> contacts(
      sim::NodeNumber number) override {
    return numbers_of(node(number).others());
  }

  // The ids of the rumours that steps have told, known from outside the nodes.
  std::set<std::uint64_t> told;

 private:
  std::unique_ptr<Gossip> make_member(sim::NodeNumber number, Host& host, Gossip* former) override {
    std::vector<Gossip::Peer> others = peers();
    others.erase(others.begin() + number);
    auto node = std::make_unique<Gossip>(host, std::move(others), parameters<Config>(number));
    if (former != nullptr) node->take_over(*former);
    return node;
  }
};

Nodes& nodes_of(sim::World& world) {
  return sim::community_as<Nodes>(world);
}

// ----- [protocol] -----

std::vector<sim::Parameter> parameters() {
  return {
      sim::integer_parameter("fanout", &Config::fanout, 100, "2", "How many are told of news."),
      sim::duration_parameter("round", &Config::round, R"("500ms")",
                              "Time between two pulls of a node, on average."),
      sim::duration_parameter("patience", &Config::patience, R"("3s")",
                              "Wait for the answer to a pull."),
      sim::boolean_parameter("pull", &Config::pull, "false",
                             "Whether nodes ask others for what they have missed."),
  };
}

// ----- verbs -----

std::size_t tell(sim::Act& act) {
  return act.on_each(act.nodes("by"), [&](sim::Running running) {
    const std::string rumour = act.text("rumour", running.by());
    Nodes& nodes = nodes_of(running.world());
    nodes.told.insert(macula::hash_bytes(rumour));
    nodes.node(running.by()).tell({macula::hash_bytes(rumour), rumour});
    running.end("");
  });
}

std::size_t read(sim::Act& act) {
  return act.on_each(act.nodes("by"), [&](sim::Running running) {
    const std::string rumour = act.text("rumour", running.by());
    const Gossip& node = nodes_of(running.world()).node(running.by());
    running.end(node.known().count(macula::hash_bytes(rumour)) != 0 ? "" : "not_found");
  });
}

std::vector<sim::Verb> verbs() {
  const sim::VerbKey rumour{
      .name = "rumour", .example = R"("the king is dead")", .about = "The rumour, word for word."};
  std::vector<sim::Verb> all = sim::fault_verbs();
  all.push_back({.name = "tell",
                 .about = "Starts a rumour at a node.",
                 .example = R"({ by = "west#0", rumour = "the king is dead" })",
                 .keys = {sim::by_key(), rumour},
                 .operation = sim::OperationInfo{.code = 0},
                 .act = tell});
  all.push_back({.name = "read",
                 .about = "Asks a node whether it has heard a rumour.",
                 .example = R"({ by = "west", rumour = "the king is dead" })",
                 .keys = {sim::by_key(), rumour},
                 .operation = sim::OperationInfo{.code = 1},
                 .act = read});
  return all;
}

// ----- metrics -----

sim::State reached(const sim::StateView& view) {
  double live = 0;
  double know = 0;
  view.for_each_live([&](sim::NodeNumber number) {
    const Gossip& node = nodes_of(view.world).node(number);
    ++live;
    if (node.known().count(macula::hash_bytes(view.metric.text)) != 0) ++know;
  });
  if (live == 0) return {};
  return {know / live};
}

std::optional<std::int64_t> known(const sim::Sight& sight, const sim::Metric& /*metric*/) {
  if (!sight.world.up(sight.node)) return std::nullopt;
  return static_cast<std::int64_t>(nodes_of(sight.world).node(sight.node).known().size());
}

std::vector<sim::MetricInfo> metrics() {
  std::vector<sim::MetricInfo> all = sim::general_metrics();
  all.push_back({.name = "reached",
                 .kind = sim::MetricKind::state,
                 .required = {sim::MetricArgument::text},
                 .unit = "rate",
                 .about = "Share of the live nodes that have heard this rumour.",
                 .read = reached});
  all.push_back({.name = "known",
                 .kind = sim::MetricKind::distribution,
                 .unit = "count",
                 .about = "Rumours that a node has heard, over live nodes, at the end.",
                 .watch = sim::Watch::member,
                 .sample = known});
  return all;
}

// ----- invariants -----

// Known from outside: a node has heard only what steps have told.
macula::Violation told(const sim::NodeView& view) {
  Nodes& nodes = nodes_of(view.world);
  for (const auto& [id, text] : nodes.node(view.node).known()) {
    if (nodes.told.count(id) == 0 || macula::hash_bytes(text) != id) {
      return "it has heard \"" + text + "\", which nobody has told";
    }
  }
  return {};
}

std::vector<sim::InvariantInfo> invariants() {
  return {{.name = "told",
           .about = "No node has heard what no step has told.",
           .of_node = told,
           .holds_after = [](const sim::NodeView& view) { return !told(view); }}};
}

}  // namespace

const sim::Kit& gossip_kit() {
  static const sim::Kit kit{.name = "gossip",
                            .program = "gossip",
                            .verbs = verbs(),
                            .metrics = metrics(),
                            .invariants = invariants(),
                            .errors = {{"not_found", "The node has not heard the rumour."}},
                            .parameters = parameters(),
                            .profiles = {{"gossip", Config{}}},
                            .messages = {"news", "pull", "pull_reply"},
                            .make_community = sim::make_community_of<Nodes>};
  return kit;
}

}  // namespace gossip
