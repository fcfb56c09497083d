#include "sim/run/operations.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include "base/hash.h"
#include "dht/record/provider.h"
#include "sim/run/occasion.h"
#include "sim/run/returned.h"
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
    carry_out(step, repetition);
    const Step& repeated = world_->scenario().steps[step];
    if (!repeated.every) return;
    const Time next = time + *repeated.every;
    const Duration until = repeated.until.value_or(world_->scenario().duration);
    if (next <= kTimeZero + until) schedule(step, next, repetition + 1);
  });
}

template <typename Act>
std::size_t Operations::on_each(const std::vector<NodeNumber>& nodes, OperationKind kind,
                                const Occurrence& occurrence, Act act) {
  std::size_t begun = 0;
  for (const NodeNumber node : nodes) {
    if (!world_->up(node)) continue;
    ++begun;
    act(begin(kind, occurrence, node));
  }
  return begun;
}

// Each verb says how many nodes it hit.
struct Operations::Carry {
  Operations& self;
  const Occurrence& now;
  std::uint64_t key;  // what its draws depend on: the step and its repetition
  using Kind = OperationKind;

  // `part`: which selector of the step it is.
  [[nodiscard]] std::vector<NodeNumber> pick(const Selector& from, std::string_view part) const {
    return self.world_->select(with_number(from, now.number), mix(key, hash_bytes(part)));
  }
  // Drawn anew for each node that the other selector of the step gives.
  [[nodiscard]] std::vector<NodeNumber> pick(const Selector& selector, std::string_view part,
                                             NodeNumber other) const {
    return self.world_->select(with_number(selector, now.number),
                               mix(key, hash_bytes(part), self.world_->name_hash(other)));
  }
  [[nodiscard]] std::string text(const std::string& text) const {
    return with_number(text, now.number);
  }
  [[nodiscard]] Occasion occasion(const std::string& what, std::size_t slot) const {
    const Step& step = self.world_->scenario().steps[now.step];
    const Duration period = step.every.value_or(Duration{0});
    return {what, self.world_->name(self.operations_[slot].by),
            step.t + static_cast<Duration::rep>(now.number) * period, now.number};
  }

  std::size_t operator()(const StoreStep& s) const {
    return self.on_each(pick(s.by, "by"), Kind::store, now, [&](std::size_t slot) {
      self.store(slot, s, text(s.key), value_of(s.value, occasion(s.key, slot), s.sign));
    });
  }
  std::size_t operator()(const WithdrawStep& s) const {
    std::size_t taken = 0;
    self.on_each(pick(s.by, "by"), Kind::withdraw, now, [&](std::size_t slot) {
      taken += self.withdraw(slot, text(s.key), text(s.procedure)) ? 1 : 0;
    });
    return taken;
  }
  std::size_t operator()(const FindStep& s) const {
    return self.on_each(pick(s.by, "by"), Kind::find, now,
                        [&](std::size_t slot) { self.find(slot, s, text(s.key)); });
  }
  std::size_t operator()(const AdvertiseStep& s) const {
    return self.on_each(pick(s.by, "by"), Kind::advertise, now,
                        [&](std::size_t slot) { self.advertise(slot, text(s.procedure)); });
  }
  std::size_t operator()(const DiscoverStep& s) const {
    return self.on_each(pick(s.by, "by"), Kind::discover, now,
                        [&](std::size_t slot) { self.discover(slot, text(s.procedure)); });
  }
  std::size_t operator()(const CallStep& s) const {
    std::size_t addressed = 0;
    self.on_each(pick(s.by, "by"), Kind::call, now, [&](std::size_t slot) {
      std::optional<std::vector<NodeNumber>> to;
      if (s.to) to = pick(*s.to, "to", self.operations_[slot].by);
      std::string args = arguments_of(s.args, occasion(s.procedure, slot));
      addressed += self.call(slot, s, std::move(args), now.number, to) ? 1 : 0;
    });
    return addressed;
  }
  std::size_t operator()(const CastStep& s) const {
    std::size_t sent = 0;
    for (const NodeNumber to : pick(s.to, "to")) {
      sent += self.on_each(pick(s.by, "by", to), Kind::cast, now, [&](std::size_t slot) {
        self.cast(slot, text(s.procedure), arguments_of(s.args, occasion(s.procedure, slot)), to);
      });
    }
    return sent;
  }
  std::size_t operator()(const PingStep& s) const {
    std::size_t sent = 0;
    for (const NodeNumber to : pick(s.to, "to")) {
      sent += self.on_each(pick(s.by, "by", to), Kind::ping, now, [&](std::size_t slot) {
        self.ping(slot, to, s.timeout.value_or(self.world_->scenario().protocol.query_timeout));
      });
    }
    return sent;
  }
  std::size_t operator()(const LookupStep& s) const {
    return self.on_each(pick(s.by, "by"), Kind::lookup, now,
                        [&](std::size_t slot) { self.lookup(slot, text(s.key)); });
  }
  std::size_t operator()(const CrashStep& s) const {
    const std::vector<NodeNumber> nodes = pick(s.nodes, "nodes");
    const bool busy = std::any_of(nodes.begin(), nodes.end(), [&](NodeNumber node) {
      return self.world_->up(node) && self.under_way(node) != 0;
    });
    return self.faults_.crash(now.step, nodes, busy);
  }
  std::size_t operator()(const RestartStep& s) const {
    return self.faults_.restart(pick(s.nodes, "nodes"), s.keep_state);
  }
  std::size_t operator()(const PauseStep& s) const {
    return self.faults_.pause(pick(s.nodes, "nodes"));
  }
  std::size_t operator()(const ResumeStep& s) const {
    return self.faults_.resume(pick(s.nodes, "nodes"));
  }
  std::size_t operator()(const PartitionStep& s) const {
    const std::vector<NodeNumber> a = pick(s.a, "a");
    const std::vector<NodeNumber> b = pick(s.b, "b");
    self.check_sides(now.step, a, b);
    return self.faults_.cut(now.step, a, b, s.one_way);
  }
  std::size_t operator()(const HealStep&) const { return self.faults_.heal(); }
};

void Operations::carry_out(std::size_t step, std::uint64_t repetition) {
  const Occurrence now{step, repetition};
  const Step& that = world_->scenario().steps[step];
  const Carry carry{*this, now, mix(world_->seed(), that.identity, repetition)};
  log_.occurred(step, std::visit(carry, that.verb));
}

void Operations::check_sides(std::size_t step, std::vector<NodeNumber> a,
                             std::vector<NodeNumber> b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  std::vector<NodeNumber> both;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
  if (both.empty()) return;
  log_.wrong(step,
             "the sides of the partition overlap: `" + world_->name(both.front()) + "` is on both");
}

// ----- operations -----

void Operations::store(std::size_t slot, const StoreStep& step, const std::string& key,
                       const std::string& value) {
  const NodeNumber by = operations_[slot].by;
  const dht::Key id = dht::normalize(key);
  const auto shared = std::make_shared<const dht::wire::Value>(dht::wire::Value{value});
  Write write;
  write.by = by;
  write.value = shared;
  write.sign = step.sign;
  records_.stored(id, *operations_[slot].label, write);
  if (step.local) {
    end(slot, world_->node(by).store_local(id, shared) ? "" : "refused");
    return;
  }
  const auto done = [this, slot, id](dht::StoreResult& result) {
    add_search(operations_[slot], result.search, true, id);
    end(slot, result.stored ? "" : "refused", word_of(result, world_->book()));
  };
  begun(slot, world_->node(by).store(id, shared, {step.sign}, done));
}

bool Operations::withdraw(std::size_t slot, const std::string& key, const std::string& procedure) {
  const NodeNumber by = operations_[slot].by;
  const bool provider = key.empty();
  const dht::Key id = provider ? dht::service_key(procedure) : dht::normalize(key);
  // A node that publishes nothing there says so at once, and has written nothing.
  const auto nothing = std::make_shared<bool>(false);
  const auto done = [this, slot, id, nothing](dht::StoreResult& result) {
    *nothing = !result.stored;
    add_search(operations_[slot], result.search, true, id);
    end(slot, result.stored ? "" : "not_found", word_of(result, world_->book()));
  };
  if (provider) {
    world_->node(by).withdraw(procedure, done);
  } else {
    world_->node(by).withdraw(id, done);
  }
  return !*nothing && records_.withdrawn(id, by, provider);
}

void Operations::on_republished(NodeNumber node, const dht::Key& key,
                                const dht::wire::SharedValue& value) {
  records_.republished(key, node, value);
}

void Operations::find(std::size_t slot, const FindStep& step, const std::string& key) {
  const dht::Key id = dht::normalize(key);
  const dht::FindOptions options{step.local, step.network, std::nullopt};
  records_.find_begins(id, operations_[slot].by);
  const auto done = [this, slot, id](dht::FindResult& found) {
    judge_find(operations_[slot], id, found);
    end(slot, error_of(found), word_of(found, world_->book()));
  };
  begun(slot, world_->node(operations_[slot].by).find_value(id, options, done));
}

void Operations::advertise(std::size_t slot, const std::string& procedure) {
  const NodeNumber by = operations_[slot].by;
  const dht::Key key = dht::service_key(procedure);
  world_->serve(by, procedure);
  // What it stores is what it would store at this instant, whatever becomes of it on the way.
  Write write;
  write.by = by;
  write.provider = true;
  write.value = dht::make_provider_record(world_->book().contact(world_->contact(by)),
                                          world_->network().now(), world_->protocol(by).ttl);
  records_.stored(key, *operations_[slot].label, write);
  const auto done = [this, slot, key](dht::StoreResult& result) {
    add_search(operations_[slot], result.search, true, key);
    end(slot, result.stored ? "" : "refused", word_of(result, world_->book()));
  };
  begun(slot, world_->node(by).advertise(procedure, done));
}

void Operations::discover(std::size_t slot, const std::string& procedure) {
  const dht::Key key = dht::service_key(procedure);
  const auto done = [this, slot, key](dht::FindResult& found) {
    judge_find(operations_[slot], key, found);
    end(slot, error_of(found), word_of(found, world_->book()));
  };
  records_.find_begins(key, operations_[slot].by);
  begun(slot, world_->node(operations_[slot].by).discover(procedure, done));
}

bool Operations::call(std::size_t slot, const CallStep& step, std::string args,
                      std::uint64_t repetition, const std::optional<std::vector<NodeNumber>>& to) {
  dht::CallRequest request{with_number(step.procedure, repetition), std::move(args), step.timeout,
                           std::nullopt, step.routed};
  if (to) {
    if (to->empty()) {
      end(slot, "not_found");
      return false;
    }
    request.provider = world_->contact(to->front());
  }
  // The first frame may leave before the call's id is known here, so forwards are counted by it and
  // looked up at the end.
  const auto done = [this, slot](dht::CallResult& result) {
    Operation& operation = operations_[slot];
    const auto counted = forwards_.find(result.call_id);
    if (counted != forwards_.end()) {
      operation.forwards = counted->second;
      forwards_.erase(counted);
    }
    if (const auto* answer = std::get_if<dht::wire::Bytes>(&result.outcome)) {
      operation.answer = *answer;
    }
    end(slot, error_of(result), word_of(result));
  };
  begun(slot, world_->node(operations_[slot].by).call(std::move(request), done));
  return true;
}

void Operations::on_forward(const dht::wire::CallId& call) {
  ++forwards_[call];
}

void Operations::cast(std::size_t slot, const std::string& procedure, const std::string& args,
                      NodeNumber to) {
  world_->node(operations_[slot].by).cast(world_->contact(to), procedure, args);
  end(slot, "");
}

void Operations::ping(std::size_t slot, NodeNumber to, Duration timeout) {
  world_->node(operations_[slot].by)
      .ping(world_->contact(to), timeout, [this, slot](const dht::PingResult& result) {
        end(slot, error_of(result), word_of(result));
      });
}

void Operations::lookup(std::size_t slot, const std::string& key) {
  const dht::NodeId target = dht::normalize(key);
  const auto done = [this, slot, target](dht::SearchResult& result) {
    add_search(operations_[slot], result, true, target);
    end(slot, error_of(result), word_of(result, world_->book()));
  };
  begun(slot, world_->node(operations_[slot].by).lookup(target, done));
}

// ----- beginning and ending -----

std::size_t Operations::begin(OperationKind kind, const Occurrence& occurrence, NodeNumber by) {
  const Step& step = world_->scenario().steps[occurrence.step];
  Operation operation;
  operation.kind = kind;
  operation.label = label_of(step, occurrence.number);
  operation.by = by;
  operation.started = world_->network().now();
  operation.due = operation.started + patience(step, by);
  operation.number = ++begun_;
  world_->network().note(EventKind::operation, by, kNoNode, static_cast<std::uint64_t>(kind));
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

// A node promises to end calls and pings within their timeouts, and all that searches within the
// deadline of the protocol.
Duration Operations::patience(const Step& step, NodeNumber by) const {
  const dht::Protocol& protocol = world_->protocol(by);
  if (const auto* call = std::get_if<CallStep>(&step.verb)) {
    return call->timeout.value_or(protocol.call_timeout);
  }
  if (const auto* ping = std::get_if<PingStep>(&step.verb)) {
    return ping->timeout.value_or(world_->scenario().protocol.query_timeout);
  }
  return protocol.deadline;
}

void Operations::begun(std::size_t slot, const dht::OperationId& id) {
  // It may have ended before its call returned.
  if (operations_.holds(slot)) operations_[slot].id = id;
}

void Operations::cancel(std::size_t slot, std::uint64_t number) {
  if (!operations_.holds(slot) || operations_[slot].number != number) return;
  world_->node(operations_[slot].by).cancel(operations_[slot].id);
  end(slot, "cancelled");
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
    if (operations_[slot].by == node) end(slot, "crashed");
  });
}

void Operations::end_all() {
  const Time now = world_->network().now();
  operations_.for_each_slot([&](std::size_t slot) {
    const bool overdue = operations_[slot].due + world_->tolerance() <= now;
    end(slot, std::string(overdue ? kOverdue : kUnfinished));
  });
}

std::size_t Operations::under_way(NodeNumber node) const {
  std::size_t count = 0;
  operations_.for_each(
      [&](const Operation& operation) { count += operation.by == node ? 1U : 0U; });
  return count;
}

}  // namespace macula::sim
