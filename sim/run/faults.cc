#include "sim/run/faults.h"

#include <algorithm>
#include <utility>

#include "sim/net/cut.h"

namespace macula::sim {

std::size_t Faults::crash(std::size_t step, const std::vector<NodeNumber>& nodes, bool busy) {
  std::size_t hit = 0;
  Crash& crash = crashes_[step];
  crash.met = crash.met || busy;
  for (const NodeNumber node : nodes) {
    if (!world_->up(node)) continue;
    ++hit;
    const std::uint64_t missed = world_->network().packets_missed(node);
    const auto [before, first] = crash.missed_before.try_emplace(node, missed);
    crash.met = crash.met || (!first && missed != before->second);
    world_->crash(node);
  }
  return hit;
}

std::size_t Faults::restart(const std::vector<NodeNumber>& nodes, bool keep_state) {
  std::size_t hit = 0;
  for (const NodeNumber node : nodes) {
    if (world_->up(node)) continue;
    ++hit;
    world_->restart(node, keep_state);
  }
  return hit;
}

std::size_t Faults::pause(const std::vector<NodeNumber>& nodes) {
  std::size_t hit = 0;
  for (const NodeNumber node : nodes) {
    if (!world_->up(node) || world_->network().paused(node)) continue;
    ++hit;
    world_->network().pause(node);
  }
  return hit;
}

std::size_t Faults::resume(const std::vector<NodeNumber>& nodes) {
  std::size_t hit = 0;
  for (const NodeNumber node : nodes) {
    if (!world_->network().paused(node)) continue;
    ++hit;
    world_->network().resume(node);
  }
  return hit;
}

// Whether the two sides of `other` cannot reach each other for this one alone.
bool Faults::Cut::parts(const Cut& other) const {
  const auto holds = [](const std::vector<NodeNumber>& all, const std::vector<NodeNumber>& some) {
    return std::includes(all.begin(), all.end(), some.begin(), some.end());
  };
  if (one_way && !other.one_way) return false;
  return (holds(a, other.a) && holds(b, other.b)) ||
         (!one_way && holds(b, other.a) && holds(a, other.b));
}

std::size_t Faults::cut(std::size_t step, const std::vector<NodeNumber>& a,
                        const std::vector<NodeNumber>& b, bool one_way) {
  // The order of the sides enters the digest, so they are cut as they were selected.
  const std::size_t number = cut_apart(world_->network(), a, b, one_way);
  Cut added{a, b, one_way};
  std::sort(added.a.begin(), added.a.end());
  std::sort(added.b.begin(), added.b.end());
  const bool hits = !a.empty() && !b.empty() &&
                    std::none_of(standing_.begin(), standing_.end(),
                                 [&](const Cut& cut) { return cut.parts(added); });
  standing_.push_back(std::move(added));
  if (hits) cuts_[step].push_back(number);
  return hits ? a.size() + b.size() : 0;
}

std::size_t Faults::heal() {
  std::size_t hit = 0;
  for (const Cut& cut : standing_) hit += std::min(cut.a.size(), cut.b.size());
  standing_.clear();
  heal_all(world_->network());
  return hit;
}

std::vector<Remark> Faults::notes() const {
  std::vector<Remark> notes;
  const Network& network = world_->network();
  for (std::size_t i = 0; i < crashes_.size(); ++i) {
    const int line = world_->scenario().steps[i].place.line;
    const Crash& crash = crashes_[i];
    const bool met =
        crash.met ||
        std::any_of(crash.missed_before.begin(), crash.missed_before.end(), [&](const auto& one) {
          return network.packets_missed(one.first) != one.second;
        });
    if (!crash.missed_before.empty() && !met) {
      notes.push_back({line, "met no packet: nobody said a word to the nodes that it crashed"});
    }
    const auto cuts = cuts_.find(i);
    if (cuts == cuts_.end()) continue;
    const bool stopped =
        std::any_of(cuts->second.begin(), cuts->second.end(),
                    [&](std::size_t cut) { return network.medium().stopped(cut) != 0; });
    if (!stopped) notes.push_back({line, "met no packet: nobody said a word across the partition"});
  }
  return notes;
}

}  // namespace macula::sim
