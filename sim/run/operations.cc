#include "sim/run/operations.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/hash.h"
#include "sim/engine/random.h"
#include "sim/run/act.h"
#include "sim/scenario/error_codes.h"
#include "sim/scenario/placeholder.h"

namespace macula::sim {

Operations::Operations(World& world, Ended ended, DrawnRun* drawn)
    : world_(&world),
      ended_(std::move(ended)),
      faults_(world),
      log_(world.scenario()),
      loops_(world, [this](const Turn& turn) { take(turn); }),
      drawn_(drawn) {}

// ----- steps -----

void Operations::schedule_all() {
  const auto& steps = world_->scenario().steps;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].think) {
      schedule_clients(i);
    } else {
      schedule(i, kTimeZero + steps[i].t, 0);
    }
  }
}

void Operations::take(const Turn& turn) {
  Act act(*this, turn);
  log_.occurred(turn.step, world_->scenario().steps[turn.step].verb->act(act));
}

void Operations::schedule_clients(std::size_t step) {
  const Time begin = kTimeZero + world_->scenario().steps[step].t;
  world_->network().schedule(begin, [this, step, begin] {
    const std::vector<NodeNumber> clients = Act(*this, {step, 0, begin}).nodes(kByKey);
    if (clients.empty()) log_.occurred(step, 0);
    for (const NodeNumber client : clients) loops_.add(step, client);
  });
}

void Operations::schedule(std::size_t step, Time time, std::uint64_t repetition) {
  world_->network().schedule(time, [this, step, time, repetition] {
    take({step, repetition, time});
    const Step& repeated = world_->scenario().steps[step];
    if (!repeated.every) return;
    const std::uint64_t random =
        draw(mix(mix(world_->seed(), repeated.identity, hash_bytes("every")), repetition));
    const Time next = time + std::max(repeated.every->sample(random), Duration{1});
    const Duration until = repeated.until.value_or(world_->scenario().duration);
    if (next <= kTimeZero + until) schedule(step, next, repetition + 1);
  });
}

DrawnTurn* Operations::note(const Turn& turn) {
  return drawn_ == nullptr ? nullptr : &drawn_->turns.emplace_back(DrawnTurn{turn});
}

// ----- beginning and ending -----

std::uint32_t Operations::begin(const Turn& turn, NodeNumber by) {
  const Step& step = world_->scenario().steps[turn.step];
  MACULA_CHECK(step.verb->operation.has_value());
  Operation operation;
  operation.step = turn.step;
  operation.verb = step.verb;
  operation.label = label_of(step, turn.repetition);
  operation.by = by;
  operation.started = world_->network().now();
  operation.due = world_->community().due(by);
  operation.number = ++begun_;
  world_->network().note(EventKind::operation, by, kNoNode, step.verb->operation->code);
  world_->network().act_for(operation.number);
  const std::uint32_t slot = operations_.allocate(std::move(operation));
  if (step.think) loops_.began(turn.step, by);
  if (step.cancel_after) {
    world_->network().schedule(world_->network().now() + *step.cancel_after,
                               [this, slot, number = begun_] { cancel(slot, number); });
  }
  return slot;
}

const std::string* Operations::label_of(const Step& step, std::uint64_t repetition) {
  if (step.label.find(kNumberPlaceholder) == std::string::npos) return &step.label;
  return &*labels_.insert(with_number(step.label, repetition)).first;
}

void Operations::begun(std::uint32_t slot, std::function<void()> cancel) {
  if (holds(slot)) operations_[slot].cancel = std::move(cancel);
}

void Operations::cancel(std::uint32_t slot, std::uint64_t number) {
  if (!holds(slot) || operations_[slot].number != number) return;
  if (operations_[slot].cancel) operations_[slot].cancel();
  end(slot, "cancelled", 0);
}

void Operations::end(std::uint32_t slot, std::string error, std::uint64_t returned) {
  MACULA_CHECK(holds(slot));
  Operation operation = std::move(operations_[slot]);
  operations_.release(slot);
  operation.error = std::move(error);
  world_->network().note(EventKind::operation, operation.by, kNoNode,
                         mix(hash_bytes(operation.error), returned));
  ended_(operation);
  if (world_->scenario().steps[operation.step].think) loops_.ended(operation.step, operation.by);
}

// In the order in which they began: slots are used again, and which one is free depends on what
// other nodes do.
template <typename Which>
std::vector<std::uint32_t> Operations::slots(Which which) const {
  std::vector<std::uint32_t> found;
  for (std::uint32_t slot = 0; slot < operations_.capacity(); ++slot) {
    if (operations_.live(slot) && which(operations_[slot])) found.push_back(slot);
  }
  std::sort(found.begin(), found.end(), [this](std::uint32_t a, std::uint32_t b) {
    return operations_[a].number < operations_[b].number;
  });
  return found;
}

void Operations::on_crash(NodeNumber node) {
  for (const std::uint32_t slot : slots([&](const Operation& one) { return one.by == node; })) {
    end(slot, "crashed", 0);
  }
}

void Operations::end_all() {
  const Time now = world_->network().now();
  for (const std::uint32_t slot : slots([](const Operation&) { return true; })) {
    const bool overdue = operations_[slot].due + world_->tolerance() <= now;
    end(slot, std::string(overdue ? kOverdue : kUnfinished), 0);
  }
}

std::size_t Operations::under_way(NodeNumber node) const {
  return slots([&](const Operation& one) { return one.by == node; }).size();
}

}  // namespace macula::sim
