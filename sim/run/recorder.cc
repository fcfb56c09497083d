#include "sim/run/recorder.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/check.h"
#include "base/hash.h"
#include "sim/scenario/error_codes.h"

namespace macula::sim {
namespace {

// Indices in the catalogue of the metrics that are sampled here.
struct Sampled {
  static std::size_t index(std::string_view name) {
    const auto& catalogue = metric_catalogue();
    const auto found = std::find_if(catalogue.begin(), catalogue.end(),
                                    [&](const MetricInfo& info) { return info.name == name; });
    MACULA_CHECK(found != catalogue.end());
    return static_cast<std::size_t>(found - catalogue.begin());
  }

  std::size_t success_rate = index("success_rate");
  std::size_t error_rate = index("error_rate");
  std::size_t answered = index("answered");
  std::size_t correct_rate = index("correct_rate");
  std::size_t value_found = index("value.found");
  std::size_t value_stale = index("value.stale");
  std::size_t operations = index("operations");
  std::size_t unfinished = index("unfinished");
  std::size_t latency = index("latency_ms");
  std::size_t depth = index("lookup.depth");
  std::size_t rounds = index("lookup.rounds");
  std::size_t rpcs = index("lookup.rpcs");
  std::size_t slow = index("lookup.slow");
  std::size_t timeouts = index("lookup.timeouts");
  std::size_t lookup_latency = index("lookup.latency_ms");
  std::size_t recall = index("lookup.recall");
  std::size_t call_latency = index("call.latency_ms");
  std::size_t forwards = index("call.forwards");
  std::size_t hop_count = index("route.hop_count");
  std::size_t relay_hops = index("relay.hops");
  std::size_t messages = index("messages");
  std::size_t served = index("served");
  std::size_t lost_by = index("record.lost_by");
  std::size_t bytes = index("node.bytes_per_s");
  std::size_t maintenance = index("node.maintenance_bytes_per_s");
  std::size_t attempts = index("attempts_per_s");
  std::size_t peak = index("maintenance.peak");
  std::size_t table_size = index("table.size");
  std::size_t table_stale = index("table.stale");
};

const Sampled& sampled() {
  static const Sampled indices;
  return indices;
}

// How many of the smallest units make one of the metric's.
double units_per(const MetricInfo& info) {
  if (info.unit == "ms") return 1e6;                                             // ns
  if (info.unit == "rate" && info.kind == MetricKind::distribution) return 1e6;  // millionths
  return 1;
}

bool fits(const std::vector<bool>& members, NodeNumber node) {
  return members.empty() || (node < members.size() && members[node]);
}

double statistic_of(const Samples& samples, const Metric& metric, double units) {
  const auto in_units = [&](std::int64_t value) { return static_cast<double>(value) / units; };
  switch (metric.statistic) {
    case Statistic::none:
    case Statistic::mean:
      return samples.mean() / units;
    case Statistic::percentile:
      return in_units(samples.percentile(metric.percentile_ppm));
    case Statistic::min:
      return in_units(samples.min());
    case Statistic::max:
      return in_units(samples.max());
    case Statistic::count:
      return static_cast<double>(samples.count());
  }
  MACULA_CHECK(false);
}

Summary summarise(const Samples& samples, double units) {
  const auto percentile = [&](std::uint32_t ppm) {
    return static_cast<double>(samples.percentile(ppm)) / units;
  };
  Summary summary;
  summary.count = samples.count();
  summary.mean = samples.mean() / units;
  summary.min = static_cast<double>(samples.min()) / units;
  summary.p50 = percentile(500'000);
  summary.p75 = percentile(750'000);
  summary.p90 = percentile(900'000);
  summary.p95 = percentile(950'000);
  summary.p99 = percentile(990'000);
  summary.p99_9 = percentile(999'000);
  summary.max = static_cast<double>(samples.max()) / units;
  return summary;
}

// Of samples that are 0 or 1.
Summary summarise_rate(std::uint64_t ones, std::uint64_t count) {
  Samples samples;
  for (std::uint64_t i = 0; i < count; ++i) samples.add(i < ones ? 1 : 0);
  return summarise(samples, 1);
}

const dht::wire::Relay* relay_of(const dht::wire::Message& message) {
  const auto* relay = std::get_if<std::unique_ptr<dht::wire::Relay>>(&message);
  return relay != nullptr ? relay->get() : nullptr;
}

}  // namespace

Recorder::Recorder(World& world)
    : world_(&world), by_metric_(metric_catalogue().size()), totals_(metric_catalogue().size()) {
  for (const Expectation& expectation : world.scenario().expectations) {
    const Metric& metric = expectation.metric;
    const auto index = static_cast<std::size_t>(metric.info - metric_catalogue().data());
    by_metric_[index].push_back(probes_.size());
    probes_.push_back(
        {&expectation, {}, 0, members(metric.node), members(metric.from), members(metric.to)});
  }
}

std::vector<bool> Recorder::members(const std::optional<Selector>& selector) {
  if (!selector) return {};
  const std::uint64_t key = hash_bytes(selector->text, world_->seed());
  std::vector<bool> members(world_->size());
  for (const NodeNumber node : world_->select(*selector, key)) members[node] = true;
  return members;
}

// ----- sampling -----

template <typename Visit>
void Recorder::for_each_probe(std::size_t metric, const std::string* label, Time time,
                              Visit visit) {
  for (const std::size_t index : by_metric_[metric]) {
    Probe& probe = probes_[index];
    const Expectation& expectation = *probe.expectation;
    if (expectation.when == When::during &&
        (time < kTimeZero + expectation.from ||
         time > kTimeZero + expectation.to + world_->tolerance())) {
      continue;
    }
    const std::string& wanted = expectation.metric.label;
    if (!wanted.empty() && (label == nullptr || !speaks_of(wanted, *label))) continue;
    visit(probe);
  }
}

void Recorder::sample(std::size_t metric, const std::string* label, Time time, std::int64_t value) {
  Samples& samples = ended_ != nullptr ? (*ended_)[metric] : totals_[metric];
  samples.add(value);
  for_each_probe(metric, label, time, [&](Probe& probe) { probe.samples.add(value); });
}

void Recorder::on_operation(const Operation& operation) {
  const Sampled& s = sampled();
  const std::string* label = operation.label;
  const Time started = operation.started;
  if (operation.error == kUnfinished) {
    ++unfinished_[*label];
    for_each_probe(s.unfinished, label, started, [](Probe& probe) { ++probe.count; });
    return;
  }
  const bool success = operation.error.empty();
  const std::int64_t elapsed = (world_->network().now() - started).count();
  const auto rate = [&](std::size_t metric, auto holds) {
    for_each_probe(metric, label, started, [&](Probe& probe) {
      probe.samples.add(holds(probe.expectation->metric.text) ? 1 : 0);
    });
  };

  if (!label->empty()) {
    Outcomes& outcomes = outcomes_[*label];
    ++outcomes.count;
    if (!success) ++outcomes.errors[operation.error];
    if (operation.correct) {
      ++outcomes.judged;
      outcomes.correct += *operation.correct ? 1 : 0;
    }
    ended_ = samples_of(*label);
    if (ended_ != nullptr) (*ended_)[s.latency].add(elapsed);
  }
  rate(s.success_rate, [&](const std::string&) { return success; });
  rate(s.error_rate, [&](const std::string& code) { return operation.error == code; });
  rate(s.answered, [&](const std::string& text) { return success && operation.answer == text; });
  if (operation.correct) {
    rate(s.correct_rate, [&](const std::string&) { return *operation.correct; });
    sample(s.value_found, label, started, success ? 1 : 0);
    sample(s.value_stale, label, started, operation.stale.value_or(false) ? 1 : 0);
  }
  for_each_probe(s.operations, label, started, [](Probe& probe) { ++probe.count; });
  for_each_probe(s.latency, label, started, [&](Probe& probe) { probe.samples.add(elapsed); });
  if (operation.search) {
    sample(s.depth, label, started, operation.search->depth);
    sample(s.rounds, label, started, operation.search->rounds);
    sample(s.rpcs, label, started, operation.search->rpcs);
    sample(s.slow, label, started, operation.search->slow);
    sample(s.timeouts, label, started, operation.search->timeouts);
    sample(s.lookup_latency, label, started, operation.search_elapsed.count());
    if (operation.recall_ppm) sample(s.recall, label, started, *operation.recall_ppm);
  }
  if (operation.kind == OperationKind::call) {
    sample(s.call_latency, label, started, elapsed);
    if (operation.forwards > 0) sample(s.forwards, label, started, operation.forwards);
  }
  ended_ = nullptr;
}

Recorder::LabelSamples* Recorder::samples_of(const std::string& label) {
  const auto found = by_label_.find(label);
  if (found != by_label_.end()) return &found->second;
  return by_label_.size() < kLabelsMax ? &by_label_[label] : nullptr;
}

void Recorder::on_record(const std::string& label, Time stored, Duration age, bool lost) {
  for_each_probe(sampled().lost_by, &label, stored, [&](Probe& probe) {
    if (probe.expectation->metric.age == age) probe.samples.add(lost ? 1 : 0);
  });
}

void Recorder::add_to_second(Probe& probe, Time time, std::uint64_t amount) {
  const Expectation& expectation = *probe.expectation;
  const Time from = kTimeZero + (expectation.when == When::during ? expectation.from : Duration{0});
  const auto index = static_cast<std::size_t>((time - from) / std::chrono::seconds(1));
  if (index >= probe.seconds.size()) probe.seconds.resize(index + 1);
  probe.seconds[index] += amount;
}

void Recorder::on_chore(std::size_t bytes) {
  const Time now = world_->network().now();
  for_each_probe(sampled().peak, nullptr, now,
                 [&](Probe& probe) { add_to_second(probe, now, bytes); });
}

void Recorder::on_served(NodeNumber node) {
  for_each_probe(sampled().served, nullptr, world_->network().now(), [&](Probe& probe) {
    if (fits(probe.nodes, node)) ++probe.count;
  });
}

bool Recorder::watches_messages() const {
  const Sampled& s = sampled();
  const auto& steps = world_->scenario().steps;
  return !by_metric_[s.messages].empty() || !by_metric_[s.attempts].empty() ||
         !by_metric_[s.hop_count].empty() || world_->scenario().reach == Reach::relay ||
         std::any_of(steps.begin(), steps.end(), [](const Step& step) {
           const auto* call = std::get_if<CallStep>(&step.verb);
           return call != nullptr && call->routed;
         });
}

// A message that a gateway carries counts for its ends; the leg to the gateway is a `relay`.
void Recorder::on_event(const NetworkEvent& event) {
  if (event.message == nullptr) return;
  const dht::wire::Relay* relay = relay_of(*event.message);
  if (relay == nullptr) {
    count_message(event.time, event.from, event.to, *event.message);
    return;
  }
  if (relay->destination != world_->book().id(world_->contact(event.to))) {
    count_message(event.time, event.from, event.to, *event.message);
    return;
  }
  const NodeNumber source =
      relay->sender != dht::kNoContact ? world_->network().node_of(relay->sender) : event.from;
  count_message(event.time, source, event.to, relay->payload);
  if (event.kind != EventKind::reply) sample(sampled().relay_hops, nullptr, event.time, 1);
}

void Recorder::count_message(Time time, NodeNumber from, NodeNumber to,
                             const dht::wire::Message& message) {
  const std::string_view type = type_name(type_of(message));
  for_each_probe(sampled().messages, nullptr, time, [&](Probe& probe) {
    const std::string& wanted = probe.expectation->metric.message;
    if ((wanted == "any" || wanted == type) && fits(probe.from, from) && fits(probe.to, to)) {
      ++probe.count;
    }
  });
}

void Recorder::on_sent(Time time, NodeNumber from, NodeNumber to,
                       const dht::wire::Message& message) {
  for_each_probe(sampled().attempts, nullptr, time, [&](Probe& probe) {
    if (fits(probe.nodes, to)) add_to_second(probe, time, 1);
  });
  const dht::wire::Message* sent = &message;
  if (const dht::wire::Relay* relay = relay_of(message)) {
    if (relay->source != world_->book().id(world_->contact(from))) return;  // passed on
    sent = &relay->payload;
  }
  const auto* route = std::get_if<dht::wire::RpcRoute>(sent);
  if (route == nullptr) return;
  const auto* call = std::get_if<dht::wire::Call>(route->payload.get());
  if (call == nullptr) return;
  if (on_forward_) on_forward_(call->call_id);
  totals_[sampled().hop_count].add(route->hop_count);
  for_each_probe(sampled().hop_count, nullptr, time, [&](Probe& probe) {
    if (fits(probe.from, from)) probe.samples.add(route->hop_count);
  });
}

// ----- results -----

std::optional<double> Recorder::measure(std::size_t expectation) const {
  const Probe& probe = probes_[expectation];
  const Metric& metric = probe.expectation->metric;
  MACULA_CHECK(metric.info->kind != MetricKind::state);
  if (!probe.seconds.empty()) return greatest_second(probe);
  if (metric.info->kind == MetricKind::count) return static_cast<double>(probe.count);
  if (metric.statistic == Statistic::count) return static_cast<double>(probe.samples.count());
  if (probe.samples.empty()) return std::nullopt;
  return statistic_of(probe.samples, metric, units_per(*metric.info));
}

// The greatest of the seconds; of chores over their mean.
double Recorder::greatest_second(const Probe& probe) const {
  const auto greatest =
      static_cast<double>(*std::max_element(probe.seconds.begin(), probe.seconds.end()));
  if (probe.expectation->metric.info != &metric_catalogue()[sampled().peak]) return greatest;
  double sum = 0;
  for (const std::uint64_t second : probe.seconds) sum += static_cast<double>(second);
  return sum > 0 ? greatest / (sum / static_cast<double>(probe.seconds.size())) : 0;
}

void Recorder::sample_nodes() {
  const Sampled& s = sampled();
  Network& network = world_->network();
  const Time now = network.now();
  const std::int64_t elapsed_ms = std::max<std::int64_t>(to_ns(now) / 1'000'000, 1);
  const auto per_second = [&](std::uint64_t bytes) {
    return static_cast<std::int64_t>(bytes) * 1000 / elapsed_ms;
  };
  for (NodeNumber number = 0; number < world_->size(); ++number) {
    sample(s.bytes, nullptr, now, per_second(network.bytes_sent(number)));
    sample(s.maintenance, nullptr, now, per_second(world_->maintenance_bytes(number)));
    if (!world_->up(number)) continue;
    const auto& entries = world_->node(number).table().entries();
    sample(s.table_size, nullptr, now, static_cast<std::int64_t>(entries.size()));
    if (entries.empty()) continue;
    const auto stale = std::count_if(entries.begin(), entries.end(), [&](dht::ContactRef ref) {
      const NodeNumber node = network.node_of(ref);
      return node == kNoNode || !network.up(node);
    });
    sample(
        s.table_stale, nullptr, now,
        static_cast<std::int64_t>(stale) * 1'000'000 / static_cast<std::int64_t>(entries.size()));
  }
}

void Recorder::summarise_to(RunResult& result) {
  const auto& catalogue = metric_catalogue();
  auto& metrics = result.metrics;
  for (const auto& [label, outcomes] : outcomes_) {
    std::uint64_t failed = 0;
    for (const auto& [code, count] : outcomes.errors) {
      failed += count;
      metrics.emplace("error_rate(" + label + ", " + code + ")",
                      summarise_rate(count, outcomes.count));
    }
    metrics.emplace("success_rate(" + label + ")",
                    summarise_rate(outcomes.count - failed, outcomes.count));
    if (outcomes.judged == 0) continue;
    metrics.emplace("correct_rate(" + label + ")",
                    summarise_rate(outcomes.correct, outcomes.judged));
  }
  for (auto& [label, by_metric] : by_label_) {
    for (auto& [i, samples] : by_metric) {
      metrics.emplace(std::string(catalogue[i].name) + "(" + label + ")",
                      summarise(samples, units_per(catalogue[i])));
      // Of all operations together there is no latency: they are of many kinds.
      if (i != sampled().latency) totals_[i].take(std::move(samples));
    }
  }
  for (std::size_t i = 0; i < totals_.size(); ++i) {
    if (totals_[i].empty()) continue;
    metrics.emplace(catalogue[i].name, summarise(totals_[i], units_per(catalogue[i])));
  }
  result.labels_left_out = outcomes_.size() - by_label_.size();
}

}  // namespace macula::sim
