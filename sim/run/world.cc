#include "sim/run/world.h"

#include <utility>

#include "base/check.h"
#include "base/hash.h"
#include "base/text/units.h"
#include "sim/engine/random.h"
#include "sim/run/replay.h"

namespace macula::sim {
namespace {

NetworkOptions network_options(const Scenario& scenario, std::uint64_t seed) {
  NetworkOptions options;
  options.seed = seed;
  options.warm_connections = scenario.connections == Connections::warm;
  options.encoded = scenario.wire == WireMode::encoded;
  options.random_chunks = scenario.chunks == Chunks::random;
  options.shuffled_ties = scenario.ties == Ties::shuffled;
  options.unbound = scenario.identity == Identity::unbound;
  options.max_events = scenario.max_events;
  if (!scenario.fates.empty()) options.fates.salt = hash_bytes(scenario.fates);
  if (scenario.fates_after) {
    options.fates.until = kTimeZero + scenario.fates_after->t;
    options.fates.later = hash_bytes(scenario.fates_after->salt);
  }
  return options;
}

}  // namespace

World::World(const Scenario& scenario, std::uint64_t seed, const WorldKind& kind)
    : scenario_(&scenario),
      seed_(seed),
      kind_(kind.name),
      tolerance_(kind.tolerance),
      roster_(scenario),
      community_(scenario.kit->make_community(
          {scenario, roster_, seed, kind, network_options(scenario, seed)})),
      network_(&community_->network()),
      held_back_(roster_.size()) {
  standing_ = true;
  schedule_starts();
}

World::~World() {
  standing_ = false;
}

Time World::starts_at(NodeNumber node) const {
  const auto& join = roster_.population(node).join;
  if (!join || scenario_->tables != Tables::joined) return kTimeZero;
  RandomStream random(seed_, name(node) + "/join");
  return kTimeZero + join->at +
         Distribution::uniform(Duration{0}, join->spread).sample(random.next());
}

void World::schedule_starts() {
  for (NodeNumber node = 0; node < size(); ++node) {
    network_->schedule(starts_at(node), [this, node] {
      if (!up(node) && !held_back_[node]) community_->start(node, /*keep_state=*/false);
    });
  }
}

void World::crash(NodeNumber node) {
  if (!up(node)) return;
  network_->crash(node);
  if (crashed_) crashed_(node);
}

void World::restart(NodeNumber node, bool keep_state) {
  crash(node);
  community_->start(node, keep_state);
}

void World::restart_as_another(NodeNumber node) {
  crash(node);
  community_->rename(node);
  community_->start(node, /*keep_state=*/false);
}

std::string World::where() const {
  std::string text =
      "in " + scenario_->name + " (" + scenario_->file + "), seed " + std::to_string(seed_);
  if (standing_) {
    text += ", at t = " + describe_duration(network_->now() - kTimeZero) + ", event " +
            std::to_string(network_->log().events());
    const NodeNumber acting = network_->log().acting();
    if (acting < size()) text += ", node " + name(acting);
  }
  return text + "\nreplay: " + replay_command(scenario_->file, seed_, kind_, scenario_->overrides);
}

}  // namespace macula::sim
