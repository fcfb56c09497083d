#include "sim/scenario/operations.h"

#include <memory>
#include <utility>

#include "base/hash.h"
#include "dht/provider.h"

namespace macula::sim {
namespace {

// "{n}" stands for the number of the repetition.
std::string with_number(std::string text, std::uint64_t number) {
  static constexpr std::string_view kPlaceholder = "{n}";
  for (auto at = text.find(kPlaceholder); at != std::string::npos;
       at = text.find(kPlaceholder, at)) {
    text.replace(at, kPlaceholder.size(), std::to_string(number));
  }
  return text;
}

Selector with_number(Selector selector, std::uint64_t number) {
  selector.name = with_number(selector.name, number);
  for (Selector& member : selector.members) member = with_number(std::move(member), number);
  return selector;
}

std::string error_of(const dht::CallOutcome& outcome) {
  const auto* error = std::get_if<dht::wire::CallError>(&outcome);
  return error != nullptr ? error->code : std::string();
}

}  // namespace

std::string_view operation_name(OperationKind kind) {
  static constexpr std::array<std::string_view, 9> kNames = {
      "store", "find", "advertise", "discover", "call", "cast", "ping", "lookup", "withdraw"};
  return kNames[static_cast<std::size_t>(kind)];
}

Operations::Operations(World& world, Ended ended)
    : world_(&world), ended_(std::move(ended)), records_(world) {
  for (std::size_t i = 0; i < world.scenario().steps.size(); ++i) {
    draws_.emplace_back(world.seed(), "step/" + std::to_string(i));
  }
}

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
void Operations::on_each(const std::vector<NodeNumber>& nodes, OperationKind kind, const Step& step,
                         Act act) {
  for (const NodeNumber node : nodes) {
    if (world_->up(node)) act(begin(kind, step, node));
  }
}

void Operations::carry_out(std::size_t index, std::uint64_t n) {
  const Step& step = world_->scenario().steps[index];
  RandomStream& random = draws_[index];
  Network& network = world_->network();
  const auto select = [&](const Selector& selector) {
    return world_->select(with_number(selector, n), random);
  };
  using Kind = OperationKind;
  struct Visitor {
    const decltype(select)& pick;
    Operations& self;
    const Step& step;
    RandomStream& random;
    Network& network;
    std::uint64_t n;

    void operator()(const StoreStep& s) const {
      self.on_each(pick(s.by), Kind::store, step, [&](std::size_t slot) {
        self.store(slot, s, with_number(s.key, n), with_number(s.value, n));
      });
    }
    void operator()(const WithdrawStep& s) const {
      self.on_each(pick(s.by), Kind::withdraw, step, [&](std::size_t slot) {
        self.withdraw(slot, with_number(s.key, n), with_number(s.procedure, n));
      });
    }
    void operator()(const FindStep& s) const {
      self.on_each(pick(s.by), Kind::find, step,
                   [&](std::size_t slot) { self.find(slot, s, with_number(s.key, n)); });
    }
    void operator()(const AdvertiseStep& s) const {
      self.on_each(pick(s.by), Kind::advertise, step,
                   [&](std::size_t slot) { self.advertise(slot, with_number(s.procedure, n)); });
    }
    void operator()(const DiscoverStep& s) const {
      self.on_each(pick(s.by), Kind::discover, step,
                   [&](std::size_t slot) { self.discover(slot, with_number(s.procedure, n)); });
    }
    void operator()(const CallStep& s) const {
      self.on_each(pick(s.by), Kind::call, step, [&](std::size_t slot) {
        self.call(slot, s, with_number(s.procedure, n), with_number(s.args, n), random);
      });
    }
    void operator()(const CastStep& s) const {
      for (const NodeNumber to : pick(s.to)) {
        self.on_each(pick(s.by), Kind::cast, step, [&](std::size_t slot) {
          self.cast(slot, with_number(s.procedure, n), with_number(s.args, n), to);
        });
      }
    }
    void operator()(const PingStep& s) const {
      const Duration timeout = s.timeout.value_or(self.world_->scenario().protocol.query_timeout);
      for (const NodeNumber to : pick(s.to)) {
        self.on_each(pick(s.by), Kind::ping, step,
                     [&](std::size_t slot) { self.ping(slot, to, timeout); });
      }
    }
    void operator()(const LookupStep& s) const {
      self.on_each(pick(s.by), Kind::lookup, step,
                   [&](std::size_t slot) { self.lookup(slot, with_number(s.key, n)); });
    }
    void operator()(const CrashStep& s) const {
      for (const NodeNumber node : pick(s.nodes)) self.world_->crash(node);
    }
    void operator()(const RestartStep& s) const {
      for (const NodeNumber node : pick(s.nodes)) self.world_->restart(node, s.keep_state);
    }
    void operator()(const PauseStep& s) const {
      for (const NodeNumber node : pick(s.nodes)) network.pause(node);
    }
    void operator()(const ResumeStep& s) const {
      for (const NodeNumber node : pick(s.nodes)) network.resume(node);
    }
    void operator()(const PartitionStep& s) const { network.cut(pick(s.a), pick(s.b), s.one_way); }
    void operator()(const HealStep&) const { network.heal(); }
  };
  std::visit(Visitor{select, *this, step, random, network, n}, step.verb);
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
    end(slot, result.stored ? "" : "refused");
  };
  begun(slot, world_->node(by).store(id, shared, {step.sign}, done));
}

void Operations::withdraw(std::size_t slot, const std::string& key, const std::string& procedure) {
  const NodeNumber by = operations_[slot].by;
  const bool provider = key.empty();
  const dht::Key id = provider ? dht::service_key(procedure) : dht::normalize(key);
  // A node that publishes nothing there says so at once, and has written nothing.
  const auto nothing = std::make_shared<bool>(false);
  const auto done = [this, slot, id, nothing](dht::StoreResult& result) {
    *nothing = !result.stored;
    add_search(operations_[slot], result.search, true, id);
    end(slot, result.stored ? "" : "not_found");
  };
  if (provider) {
    world_->node(by).withdraw(procedure, done);
  } else {
    world_->node(by).withdraw(id, done);
  }
  if (!*nothing) records_.withdrawn(id, by, provider);
}

void Operations::on_republished(NodeNumber node, const dht::Key& key,
                                const dht::wire::SharedValue& value) {
  records_.republished(key, node, value);
}

void Operations::find(std::size_t slot, const FindStep& step, const std::string& key) {
  const dht::Key id = dht::normalize(key);
  const dht::FindOptions options{step.local, step.network, std::nullopt};
  const auto done = [this, slot, id](dht::FindResult& found) {
    judge_find(operations_[slot], id, found);
    end(slot, !found.values.empty() ? "" : found.timed_out ? "timeout" : "not_found");
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
    end(slot, result.stored ? "" : "refused");
  };
  begun(slot, world_->node(by).advertise(procedure, done));
}

void Operations::discover(std::size_t slot, const std::string& procedure) {
  const dht::Key key = dht::service_key(procedure);
  const auto done = [this, slot, key](dht::FindResult& found) {
    judge_find(operations_[slot], key, found);
    end(slot, !found.values.empty() ? "" : found.timed_out ? "timeout" : "not_found");
  };
  begun(slot, world_->node(operations_[slot].by).discover(procedure, done));
}

void Operations::call(std::size_t slot, const CallStep& step, const std::string& procedure,
                      const std::string& args, RandomStream& random) {
  dht::CallRequest request{procedure, args, step.timeout, std::nullopt, step.routed};
  if (step.to) {
    const auto to = world_->select(*step.to, random);
    if (to.empty()) {
      end(slot, "not_found");
      return;
    }
    request.provider = world_->contact(to.front());
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
    end(slot, error_of(result.outcome));
  };
  begun(slot, world_->node(operations_[slot].by).call(std::move(request), done));
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
        end(slot, result.answered                           ? ""
                  : result.failure == dht::Failure::timeout ? "timeout"
                                                            : "refused");
      });
}

void Operations::lookup(std::size_t slot, const std::string& key) {
  const dht::NodeId target = dht::normalize(key);
  const auto done = [this, slot, target](dht::SearchResult& result) {
    add_search(operations_[slot], result, true, target);
    end(slot, result.timed_out ? "timeout" : result.closest.empty() ? "not_found" : "");
  };
  begun(slot, world_->node(operations_[slot].by).lookup(target, done));
}

// ----- beginning and ending -----

std::size_t Operations::begin(OperationKind kind, const Step& step, NodeNumber by) {
  Operation operation;
  operation.kind = kind;
  operation.label = &step.label;
  operation.by = by;
  operation.started = world_->network().now();
  operation.number = ++begun_;
  world_->network().note(EventKind::operation, by, kNoNode, static_cast<std::uint64_t>(kind));
  const std::size_t slot = operations_.add(std::move(operation));
  if (step.cancel_after) {
    world_->network().schedule(world_->network().now() + *step.cancel_after,
                               [this, slot, number = begun_] { cancel(slot, number); });
  }
  return slot;
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

void Operations::end(std::size_t slot, std::string error) {
  Operation operation = operations_.take(slot);
  operation.error = std::move(error);
  world_->network().note(EventKind::operation, operation.by, kNoNode,
                         mix(hash_bytes(operation.error), hash_bytes(operation.answer)));
  ended_(operation);
}

void Operations::on_crash(NodeNumber node) {
  operations_.for_each_slot([&](std::size_t slot) {
    if (operations_[slot].by == node) end(slot, "crashed");
  });
}

void Operations::end_all() {
  operations_.for_each_slot([&](std::size_t slot) { end(slot, "unfinished"); });
}

std::size_t Operations::under_way(NodeNumber node) const {
  std::size_t count = 0;
  operations_.for_each(
      [&](const Operation& operation) { count += operation.by == node ? 1U : 0U; });
  return count;
}

}  // namespace macula::sim
