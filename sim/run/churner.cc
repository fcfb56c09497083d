#include "sim/run/churner.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "base/hash.h"

namespace macula::sim {
namespace {

// So that a session and a downtime of nothing cannot stop the time.
constexpr Duration kShortest = std::chrono::milliseconds(1);

}  // namespace

Churner::Churner(World& world, DrawnRun* drawn) : world_(&world), drawn_(drawn) {}

void Churner::schedule_all() {
  const auto& churn = world_->scenario().churn;
  classes_.reserve(churn.size());  // members point at their class
  for (const Churn& one : churn) {
    if (one.traced) {
      follow_trace(one);
    } else {
      add_class(one);
    }
  }
}

std::vector<NodeNumber> Churner::members_of(const Churn& churn) const {
  return world_->select(churn.applies_to, hash_bytes("churn/" + churn.name, world_->seed()));
}

void Churner::add_class(const Churn& churn) {
  Class& added = classes_.emplace_back(Class{&churn, {}, {}});
  if (churn.start != ChurnStart::fresh) added.session.emplace(churn.session);
  if (churn.start == ChurnStart::stationary) added.downtime.emplace(*churn.downtime);
  for (const NodeNumber node : members_of(churn)) add_member(node, added);
}

// A node that joins after the churn has begun begins a session then; all others are met as `start`
// says.
void Churner::add_member(NodeNumber node, const Class& belongs_to) {
  const Churn& churn = *belongs_to.churn;
  const std::size_t index = members_.size();
  members_.push_back(
      {node, &belongs_to, RandomStream(world_->seed(), world_->name(node) + "/churn")});
  RandomStream& random = members_.back().random;
  const Time from = kTimeZero + churn.from;
  const Time joins = world_->starts_at(node);
  if (joins > from || churn.start == ChurnStart::fresh) {
    go_down(index, std::max(joins, from), churn.session.sample(random.next()));
    return;
  }
  if (churn.start == ChurnStart::stationary) {
    const auto up = static_cast<std::uint64_t>(belongs_to.session->mean().count());
    const auto down = static_cast<std::uint64_t>(belongs_to.downtime->mean().count());
    if (up + down > 0 && random.below(up + down) >= up) {
      if (joins == from) hold_back(node, churn);
      ++hits_[&churn];
      world_->network().schedule(from, [this, node, &churn] {
        note(node, churn, false);
        world_->crash(node);
      });
      come_back(index, from, residual(*belongs_to.downtime, random));
      return;
    }
  }
  go_down(index, from, residual(*belongs_to.session, random));
}

Duration Churner::residual(const ResidualLife& life, RandomStream& random) {
  const std::uint64_t which = random.next();
  return life.sample(which, random.next());
}

void Churner::go_down(std::size_t index, Time begin, Duration after) {
  const Churn& churn = *members_[index].belongs_to->churn;
  const Duration left = kTimeZero + churn.until - begin;
  if (after > left) return;
  world_->network().schedule(begin + std::max(after, kShortest), [this, index] {
    ChurningNode& member = members_[index];
    crash(member.node, *member.belongs_to->churn);
    const auto& downtime = member.belongs_to->churn->downtime;
    if (!downtime) return;
    come_back(index, world_->network().now(), downtime->sample(member.random.next()));
  });
}

void Churner::come_back(std::size_t index, Time begin, Duration after) {
  const Duration left = kTimeZero + world_->scenario().duration - begin;
  if (after > left) return;
  world_->network().schedule(begin + std::max(after, kShortest), [this, index] {
    ChurningNode& member = members_[index];
    const Churn& churn = *member.belongs_to->churn;
    if (!world_->up(member.node)) restart(member.node, churn);
    go_down(index, world_->network().now(), churn.session.sample(member.random.next()));
  });
}

void Churner::hold_back(NodeNumber node, const Churn& churn) {
  world_->hold_back(node);
  if (drawn_ != nullptr) drawn_->churn[churn.name].held_back = true;
}

void Churner::note(NodeNumber node, const Churn& churn, bool up) {
  if (drawn_ == nullptr) return;
  drawn_->churn[churn.name].lives.push_back({world_->network().now(), node, up});
}

void Churner::crash(NodeNumber node, const Churn& churn) {
  note(node, churn, false);
  if (world_->up(node)) ++hits_[&churn];
  world_->crash(node);
}

void Churner::restart(NodeNumber node, const Churn& churn) {
  note(node, churn, true);
  ++hits_[&churn];
  switch (churn.restart) {
    case ChurnRestart::keep_identity:
      world_->restart(node, false);
      break;
    case ChurnRestart::keep_state:
      world_->restart(node, true);
      break;
    case ChurnRestart::nothing:
      world_->restart_as_another(node);
      break;
  }
}

void Churner::follow_trace(const Churn& churn) {
  std::map<std::string_view, NodeNumber> nodes;
  for (const NodeNumber node : members_of(churn)) {
    nodes.emplace(world_->name(node), node);
  }
  std::map<NodeNumber, bool> seen;
  for (const TraceEvent& event : churn.events) {
    const auto named = nodes.find(event.node);
    if (named == nodes.end()) continue;  // not in the sample
    const NodeNumber node = named->second;
    const bool first = seen.emplace(node, true).second;
    if (first && event.up) hold_back(node, churn);
    if (event.up) {
      world_->network().schedule(kTimeZero + event.time, [this, node, &churn] {
        if (!world_->up(node)) restart(node, churn);
      });
    } else {
      world_->network().schedule(kTimeZero + event.time,
                                 [this, node, &churn] { crash(node, churn); });
    }
  }
}

std::vector<Remark> Churner::errors() const {
  std::vector<Remark> errors;
  for (const Churn& churn : world_->scenario().churn) {
    if (churn.may_miss || hits_.count(&churn) != 0) continue;
    errors.push_back({churn.place.line, "hit nobody: [churn." + churn.name +
                                            "] took no node down and brought none back; write "
                                            "`may_miss = true` if it may"});
  }
  return errors;
}

}  // namespace macula::sim
