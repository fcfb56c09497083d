#include "sim/run/operations.h"

#include <utility>

#include "base/check.h"
#include "base/hash.h"
#include "sim/run/act.h"
#include "sim/scenario/error_codes.h"
#include "sim/scenario/placeholder.h"

namespace macula::sim {

Operations::Operations(World& world, Ended ended)
    : world_(&world),
      ended_(std::move(ended)),
      faults_(world),
      log_(world.scenario()),
      records_(world) {}

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

std::size_t Operations::begin(const Step& step, std::uint64_t repetition, NodeNumber by) {
  MACULA_CHECK(step.verb->operation.has_value());
  Operation operation;
  operation.verb = step.verb;
  operation.label = label_of(step, repetition);
  operation.by = by;
  operation.started = world_->network().now();
  operation.due = operation.started + world_->protocol(by).deadline;
  operation.number = ++begun_;
  world_->network().note(EventKind::operation, by, kNoNode, step.verb->operation->code);
  const std::size_t slot = operations_.add(std::move(operation));
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

void Operations::begun(std::size_t slot, const dht::OperationId& id) {
  // It may have ended before its call returned.
  if (operations_.holds(slot)) operations_[slot].id = id;
}

void Operations::cancel(std::size_t slot, std::uint64_t number) {
  if (!operations_.holds(slot) || operations_[slot].number != number) return;
  world_->node(operations_[slot].by).cancel(operations_[slot].id);
  end(slot, "cancelled", 0);
}

void Operations::end(std::size_t slot, std::string error, std::uint64_t returned) {
  Operation operation = operations_.take(slot);
  operation.error = std::move(error);
  world_->network().note(EventKind::operation, operation.by, kNoNode,
                         mix(hash_bytes(operation.error), returned));
  ended_(operation);
}

void Operations::on_crash(NodeNumber node) {
  operations_.for_each_slot([&](std::size_t slot) {
    if (operations_[slot].by == node) end(slot, "crashed", 0);
  });
}

void Operations::end_all() {
  const Time now = world_->network().now();
  operations_.for_each_slot([&](std::size_t slot) {
    const bool overdue = operations_[slot].due + world_->tolerance() <= now;
    end(slot, std::string(overdue ? kOverdue : kUnfinished), 0);
  });
}

void Operations::on_republished(NodeNumber node, const dht::Key& key,
                                const dht::wire::SharedValue& value) {
  records_.republished(key, node, value);
}

void Operations::on_forward(const dht::wire::CallId& call) {
  ++forwards_[call];
}

std::uint32_t Operations::take_forwards(const dht::wire::CallId& call) {
  const auto counted = forwards_.find(call);
  if (counted == forwards_.end()) return 0;
  const std::uint32_t forwards = counted->second;
  forwards_.erase(counted);
  return forwards;
}

std::size_t Operations::under_way(NodeNumber node) const {
  std::size_t count = 0;
  operations_.for_each(
      [&](const Operation& operation) { count += operation.by == node ? 1U : 0U; });
  return count;
}

}  // namespace macula::sim
