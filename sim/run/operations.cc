#include "sim/run/operations.h"

#include <utility>

#include "base/check.h"
#include "base/hash.h"
#include "sim/run/act.h"
#include "sim/scenario/error_codes.h"
#include "sim/scenario/placeholder.h"

namespace macula::sim {

Operations::Operations(World& world, Ended ended)
    : world_(&world), ended_(std::move(ended)), faults_(world), log_(world.scenario()) {}

// ----- steps -----

void Operations::schedule_all() {
  const auto& steps = world_->scenario().steps;
  for (std::size_t i = 0; i < steps.size(); ++i) schedule(i, kTimeZero + steps[i].t, 0);
}

void Operations::schedule(std::size_t step, Time time, std::uint64_t repetition) {
  world_->network().schedule(time, [this, step, time, repetition] {
    const Step& repeated = world_->scenario().steps[step];
    Act act(*this, step, repetition);
    log_.occurred(step, repeated.verb->act(act));
    if (!repeated.every) return;
    const Time next = time + *repeated.every;
    const Duration until = repeated.until.value_or(world_->scenario().duration);
    if (next <= kTimeZero + until) schedule(step, next, repetition + 1);
  });
}

// ----- beginning and ending -----

std::uint32_t Operations::begin(const Step& step, std::uint64_t repetition, NodeNumber by) {
  MACULA_CHECK(step.verb->operation.has_value());
  Operation operation;
  operation.verb = step.verb;
  operation.label = label_of(step, repetition);
  operation.by = by;
  operation.started = world_->network().now();
  operation.due = world_->community().due(by);
  operation.number = ++begun_;
  world_->network().note(EventKind::operation, by, kNoNode, step.verb->operation->code);
  const std::uint32_t slot = operations_.allocate(std::move(operation));
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
}

// Those under way, in the order of their slots; the visit may end its own.
template <typename Visit>
void Operations::for_each_slot(Visit visit) const {
  for (std::uint32_t slot = 0; slot < operations_.capacity(); ++slot) {
    if (operations_.live(slot)) visit(slot);
  }
}

void Operations::on_crash(NodeNumber node) {
  for_each_slot([&](std::uint32_t slot) {
    if (operations_[slot].by == node) end(slot, "crashed", 0);
  });
}

void Operations::end_all() {
  const Time now = world_->network().now();
  for_each_slot([&](std::uint32_t slot) {
    const bool overdue = operations_[slot].due + world_->tolerance() <= now;
    end(slot, std::string(overdue ? kOverdue : kUnfinished), 0);
  });
}

std::size_t Operations::under_way(NodeNumber node) const {
  std::size_t count = 0;
  for_each_slot([&](std::uint32_t slot) { count += operations_[slot].by == node ? 1U : 0U; });
  return count;
}

}  // namespace macula::sim
