#include "sim/run/closed_loops.h"

#include <algorithm>

#include "base/check.h"
#include "base/hash.h"
#include "sim/engine/random.h"

namespace macula::sim {

void ClosedLoops::add(std::size_t step, NodeNumber node) {
  const Key key{step, node};
  if (clients_.try_emplace(key).second) turn(key);
}

void ClosedLoops::began(std::size_t step, NodeNumber node) {
  Client& client = clients_.at({step, node});
  ++client.open;
  client.began = true;
}

void ClosedLoops::ended(std::size_t step, NodeNumber node) {
  const Key key{step, node};
  Client& client = clients_.at(key);
  MACULA_CHECK(client.open > 0);
  --client.open;
  if (client.open == 0 && !client.acting) plan(key);
}

void ClosedLoops::turn(const Key& key) {
  Client& client = clients_.at(key);
  client.began = false;
  client.acting = true;
  take_({key.first, client.turns, world_->network().now(), key.second});
  client.acting = false;
  if (client.open == 0) plan(key);
}

void ClosedLoops::plan(const Key& key) {
  Client& client = clients_.at(key);
  const Step& step = world_->scenario().steps[key.first];
  const std::uint64_t random = draw(mix(mix(world_->seed(), step.identity, hash_bytes("think")),
                                        world_->name_hash(key.second), client.turns));
  Duration pause = std::max(step.think->sample(random), kShortest);
  if (!client.began) pause = std::max(pause, kWhileDown);
  const Duration left =
      kTimeZero + step.until.value_or(world_->scenario().duration) - world_->network().now();
  if (pause > left) return;
  ++client.turns;
  world_->network().schedule(world_->network().now() + pause, [this, key] { turn(key); });
}

}  // namespace macula::sim
