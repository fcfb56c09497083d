#include "sim/net/silences.h"

#include <algorithm>

#include "sim/net/quic_model.h"

namespace macula::sim {
namespace {

using quic_model::kIdleTimeout;
using quic_model::kKeepalive;

// The first to be sent at or after `time`, where the last that was answered was sent at `heard`.
Time keepalive_after(Time heard, Time time) {
  const Duration gone = std::max(time - heard, Duration{1});
  return heard + (gone + kKeepalive - Duration{1}) / kKeepalive * kKeepalive;
}

// The first that is not answered as it should be. A node that has begun a new life never does.
Time first_unanswered(const std::vector<Silence>& silences, Time heard) {
  Time first = kTimeMax;
  for (const Silence& silence : silences) {
    const Time asked = keepalive_after(heard, silence.from);
    if (asked < silence.to || silence.kind == Silence::Kind::crash) first = std::min(first, asked);
  }
  return first;
}

const Silence* silence_at(const std::vector<Silence>& silences, Time time) {
  const auto found = std::find_if(silences.begin(), silences.end(),
                                  [&](const Silence& silence) { return silence.covers(time); });
  return found != silences.end() ? &*found : nullptr;
}

bool crashed_before(const std::vector<Silence>& silences, Time time) {
  return std::any_of(silences.begin(), silences.end(), [&](const Silence& silence) {
    return silence.kind == Silence::Kind::crash && silence.from <= time;
  });
}

// After so many probes, until the next.
Duration pause_after(const Idle& idle, unsigned probes) {
  return idle.probe_timeout * (1 << std::min(probes, quic_model::kMostDoublings));
}

// Probes go on until one of them is heard. Those to a node that is held still are when it goes on.
Time heard_at(const Idle& idle, const std::vector<Silence>& silences, Time asked) {
  unsigned probes = 0;
  Time probe = asked;
  for (Time time = asked; time < asked + kIdleTimeout;) {
    const Silence* const silence = silence_at(silences, time);
    if (silence == nullptr && (idle.resets || !crashed_before(silences, time))) return time;
    while (probe <= time) probe += pause_after(idle, probes++);
    const bool held = silence != nullptr && silence->kind == Silence::Kind::pause;
    time = held ? silence->to : probe;
  }
  return kTimeMax;
}

KeptAlive still_asking(const Idle& idle, Time asked) {
  KeptAlive kept{KeptAlive::State::asking, asked, asked};
  for (;;) {
    const Duration pause = pause_after(idle, kept.probes);
    if (kept.last_sent + pause > idle.now) return kept;
    kept.last_sent += pause;
    ++kept.probes;
  }
}

}  // namespace

void Silences::begin(NodeNumber node, Silence::Kind kind, Time now) {
  of_nodes_[node].push_back({kind, now});
}

void Silences::end(NodeNumber node, Time now) {
  const auto found = of_nodes_.find(node);
  if (found == of_nodes_.end()) return;  // its first life
  Silence& last = found->second.back();
  last.to = std::min(last.to, now);
}

void Silences::begin_rule(std::size_t number, std::shared_ptr<const Rule> rule, Time now) {
  standing_.push_back({number, std::move(rule), {Silence::Kind::cut, now}});
}

void Silences::end_rule(std::size_t number, Time now) {
  const auto ended = std::find_if(standing_.begin(), standing_.end(),
                                  [&](const Ruled& each) { return each.number == number; });
  if (ended == standing_.end()) return;  // connections are warm: nothing is noted
  ended->silence.to = now;
  ended_.push_back(std::move(*ended));
  standing_.erase(ended);
}

std::vector<Silence> Silences::between(NodeNumber a, NodeNumber b, Time since) const {
  std::vector<Silence> found;
  for (const NodeNumber node : {a, b}) {
    const auto of_node = of_nodes_.find(node);
    if (of_node == of_nodes_.end()) continue;
    const std::vector<Silence>& all = of_node->second;
    for (auto each = all.rbegin(); each != all.rend() && each->to > since; ++each) {
      found.push_back(*each);
    }
  }
  for (const Ruled& each : standing_) {
    if (each.between(a, b)) found.push_back(each.silence);
  }
  for (auto each = ended_.rbegin(); each != ended_.rend() && each->silence.to > since; ++each) {
    if (each->between(a, b)) found.push_back(each->silence);
  }
  return found;
}

KeptAlive kept_alive(const Idle& idle, const std::vector<Silence>& silences) {
  for (Time heard = idle.spoken;;) {
    const Time asked = first_unanswered(silences, heard);
    if (asked >= idle.now) return {};
    const Time answered = heard_at(idle, silences, asked);
    const bool ends = answered == kTimeMax;
    const bool reset = !ends && crashed_before(silences, answered);
    const Time known = ends ? asked + kIdleTimeout : answered + idle.round_trip;
    if (idle.now < (ends || reset ? known : answered)) return still_asking(idle, asked);
    if (ends || reset) return {KeptAlive::State::ended};
    heard = answered;
  }
}

}  // namespace macula::sim
