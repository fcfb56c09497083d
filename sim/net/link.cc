#include "sim/net/link.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/check.h"
#include "base/hash.h"
#include "sim/engine/random.h"
#include "sim/net/quic_model.h"

namespace macula::sim {
namespace {

// 64 uniform bits for one purpose of one thing. The step of SplitMix64 whitens what `mix` leaves of
// the likeness of neighbouring purposes: their draws must not be correlated.
std::uint64_t uniform_bits(std::uint64_t thing, std::uint64_t purpose) {
  return macula::sim::draw(mix(thing, purpose));
}

std::uint64_t salted(std::uint64_t seed, std::uint64_t salt) {
  return salt == 0 ? seed : mix(seed, salt);
}

// The whole part of it: exact, whatever the rounding of the first guess.
std::uint64_t square_root(std::uint64_t square) {
  auto root = static_cast<std::uint64_t>(std::sqrt(static_cast<double>(square)));
  while (Uint128{root} * root > square) --root;
  while (Uint128{root + 1} * (root + 1) <= square) ++root;
  return root;
}

constexpr std::size_t kDatagramRoom = quic_model::kDatagram;
constexpr std::uint32_t kMostRoom = 0x7ff;  // that a Sent can tell
static_assert(kDatagramRoom <= kMostRoom);
constexpr Duration::rep kNsPerUs = 1000;

// In us, so that the sum of some does not overflow.
std::uint64_t square_of(Duration deviation) {
  const auto us = static_cast<std::uint64_t>(deviation.count() / kNsPerUs);
  return us * us;
}

// Whether an event of probability `ppm` in a million happens, given 64 uniform bits.
bool happens(std::uint32_t ppm, std::uint64_t random) {
  return static_cast<std::uint64_t>((Uint128{random} * 1'000'000) >> 64) < ppm;
}

// The `index`th of so many values that stand for all of a distribution.
constexpr std::uint64_t kQuantiles = 1024;
Duration quantile(const Distribution& distribution, std::uint64_t index) {
  constexpr std::uint64_t kHalfStep = (std::uint64_t{1} << 63) / kQuantiles;
  return distribution.sample((2 * index + 1) * kHalfStep);
}

Duration mean_of(const Distribution& distribution) {
  Duration sum{0};
  for (std::uint64_t i = 0; i < kQuantiles; ++i) sum += quantile(distribution, i) / kQuantiles;
  return sum;
}

Duration deviation_of(const Distribution& distribution, Duration mean) {
  Duration sum{0};
  for (std::uint64_t i = 0; i < kQuantiles; ++i) {
    sum += std::chrono::abs(quantile(distribution, i) - mean) / kQuantiles;
  }
  return sum;
}

Spread spread_of(const Distribution& distribution) {
  if (distribution.is_zero()) return {};
  const Duration mean = mean_of(distribution);
  return {mean, deviation_of(distribution, mean)};
}

}  // namespace

Links::Links(const LinkModel& model, std::uint64_t seed, const Fates& fates)
    : model_(&model),
      seed_(seed),
      fates_(salted(seed, fates.salt)),
      until_(fates.until),
      later_fates_(salted(seed, fates.later)) {
  for (const LinkClass& link : model.classes) {
    const Spread delay = spread_of(link.delay);
    const Spread jitter = spread_of(link.jitter);
    additions_.push_back({2 * (delay.mean + jitter.mean),
                          2 * (square_of(delay.deviation) + square_of(jitter.deviation)),
                          delay.deviation + jitter.deviation > Duration{0}});
  }
  for (const RegionLink& row : model.matrix) {
    for (const std::string* name : {&row.from, &row.to}) {
      if (std::find(regions_.begin(), regions_.end(), *name) == regions_.end()) {
        regions_.push_back(*name);
      }
    }
  }
  paths_.resize(regions_.size() * regions_.size());
  const auto index = [&](std::string_view name) {
    return static_cast<std::size_t>(std::find(regions_.begin(), regions_.end(), name) -
                                    regions_.begin());
  };
  for (const RegionLink& row : model.matrix) {
    Path path;
    path.mean = Duration{row.delay_ns};
    path.delay = row.jitter_ns > 0 ? Distribution::normal(path.mean, Duration{row.jitter_ns})
                                   : Distribution::constant(path.mean);
    path.deviation = deviation_of(path.delay, path.mean);
    path.loss_ppm = row.loss_ppm;
    paths_[index(row.from) * regions_.size() + index(row.to)] = path;
  }
}

void Links::add_node(std::string_view name, std::string_view region, std::string_view link_class) {
  End end{hash_bytes(name), -1, -1};
  const auto known = std::find(regions_.begin(), regions_.end(), region);
  if (known != regions_.end()) end.region = static_cast<std::int32_t>(known - regions_.begin());
  for (std::size_t i = 0; i < model_->classes.size(); ++i) {
    if (model_->classes[i].name == link_class) end.link_class = static_cast<std::int32_t>(i);
  }
  ends_.push_back(end);
  bursts_.emplace_back();
}

// A row of the matrix holds for the way back as well, unless that has its own.
const Links::Path* Links::path_of(const End& from, const End& to) const {
  if (from.region < 0 || to.region < 0) return nullptr;
  const auto a = static_cast<std::size_t>(from.region);
  const auto b = static_cast<std::size_t>(to.region);
  const auto& there = paths_[a * regions_.size() + b];
  if (there) return &*there;
  const auto& back = paths_[b * regions_.size() + a];
  return back ? &*back : nullptr;
}

Duration Links::base_delay(const End& from, const End& to) const {
  const std::uint64_t low = std::min(from.key, to.key);
  const std::uint64_t high = std::max(from.key, to.key);
  return model_->default_delay.sample(
      uniform_bits(mix(seed_, low, high), static_cast<std::uint64_t>(Purpose::base_delay)));
}

std::uint64_t Links::ordinal(NodeNumber from, NodeNumber to, Time now, std::size_t bytes) {
  Burst& burst = bursts_[from];
  const Sent sent{event_, to, 1, static_cast<std::uint32_t>(kDatagramRoom - bytes) & kMostRoom};
  if (burst.time != now) {
    burst.time = now;
    burst.first = sent;
    if (burst.others) burst.others->clear();
    return 0;
  }
  Sent* known = &burst.first;
  if (known->to != to) {
    if (!burst.others) burst.others = std::make_unique<std::vector<Sent>>();
    const auto other = std::find_if(burst.others->begin(), burst.others->end(),
                                    [&](const Sent& each) { return each.to == to; });
    if (other == burst.others->end()) {
      burst.others->push_back(sent);
      return 0;
    }
    known = &*other;
  }
  if (bytes > known->room || known->event != event_) {
    ++known->datagrams;
    known->room = kDatagramRoom & kMostRoom;
    known->event = event_;
  }
  known->room = static_cast<std::uint32_t>(known->room - bytes) & kMostRoom;
  return known->datagrams - 1;
}

bool Links::is_certain(const End& from, const End& to) const {
  const Path* direct = path(from, to);
  const std::uint32_t loss = direct != nullptr ? direct->loss_ppm : model_->default_loss_ppm;
  const bool jitters = direct != nullptr && direct->delay.kind() != Distribution::Kind::constant;
  return !jitters && loss == 0 && from.link_class < 0 && to.link_class < 0;
}

Duration Links::path_delay(const End& from, const End& to) const {
  const Path* direct = path(from, to);
  return direct != nullptr ? direct->mean : base_delay(from, to);
}

Fate Links::fate(NodeNumber from, NodeNumber to, Time now) {
  return fate(from, to, now, kDatagramRoom);
}

Fate Links::fate(NodeNumber from, NodeNumber to, Time now, std::size_t bytes) {
  const Duration alone = path_delay(ends_[from], ends_[to]);
  if (is_certain(from, to)) return {alone, false, Duration{0}};
  const std::uint64_t instant = instant_of(seed_at(now), from, to, now);
  const auto next = [&](std::size_t part) {
    return sample(from, to, alone, mix(instant, ordinal(from, to, now, part)));
  };
  if (bytes <= kDatagramRoom) return next(bytes);
  Fate whole;
  std::uint32_t bit = 1;
  for (std::size_t left = bytes;; left -= kDatagramRoom, bit <<= 1) {
    const Fate each = next(std::min(left, kDatagramRoom));
    if (each.lost) {
      whole.lost = true;
      whole.which |= bit;
    } else {
      whole.delay = std::max(whole.delay, each.delay);
      whole.over = std::max(whole.over, each.over);
    }
    if (left <= kDatagramRoom) return whole;
  }
}

std::uint64_t Links::instant_of(std::uint64_t seed, NodeNumber from, NodeNumber to,
                                Time time) const {
  return mix(mix(seed, ends_[from].key, ends_[to].key), static_cast<std::uint64_t>(to_ns(time)));
}

Fate Links::probe_fate(NodeNumber from, NodeNumber to, Time time, unsigned copy) const {
  return sample(from, to, path_delay(ends_[from], ends_[to]),
                mix(instant_of(seed_at(time), from, to, time),
                    static_cast<std::uint64_t>(Purpose::probe), copy));
}

Fate Links::sample(NodeNumber from, NodeNumber to, Duration alone, std::uint64_t packet) const {
  const End& sender = ends_[from];
  const End& receiver = ends_[to];
  const auto bits = [&](Purpose purpose) {
    return uniform_bits(packet, static_cast<std::uint64_t>(purpose));
  };
  Fate fate{alone, false, Duration{0}};
  std::uint32_t loss = model_->default_loss_ppm;
  if (const Path* direct = path(sender, receiver)) {
    loss = direct->loss_ppm;
    if (direct->delay.kind() != Distribution::Kind::constant) {
      fate.delay = direct->delay.sample(bits(Purpose::path_delay));
    }
  }
  fate.lost = loss != 0 && happens(loss, bits(Purpose::region_loss));
  // Inline at both ends: the compiler knows the purposes then, and hashes them beforehand.
  const auto add_class = [&](std::int32_t number, Purpose delay, Purpose jitter, Purpose lost)
      __attribute__((always_inline)) {
    if (number < 0) return;
    const LinkClass& link = model_->classes[static_cast<std::size_t>(number)];
    if (!link.delay.is_zero()) fate.delay += link.delay.sample(bits(delay));
    if (!link.jitter.is_zero()) fate.delay += link.jitter.sample(bits(jitter));
    if (link.loss_ppm != 0 && happens(link.loss_ppm, bits(lost))) fate.lost = true;
  };
  add_class(sender.link_class, Purpose::sender_delay, Purpose::sender_jitter, Purpose::sender_loss);
  add_class(receiver.link_class, Purpose::receiver_delay, Purpose::receiver_jitter,
            Purpose::receiver_loss);
  fate.over = fate.delay - alone;
  return fate;
}

bool Links::varies(NodeNumber a, NodeNumber b) const {
  const auto adds = [&](std::int32_t number) {
    return number >= 0 && additions_[static_cast<std::size_t>(number)].varies;
  };
  const Path* direct = path(ends_[a], ends_[b]);
  return adds(ends_[a].link_class) || adds(ends_[b].link_class) ||
         (direct != nullptr && direct->delay.kind() != Distribution::Kind::constant);
}

// Deviations of what is independent add up as their squares.
RoundTrip Links::round_trip(NodeNumber a, NodeNumber b) const {
  RoundTrip both;
  std::uint64_t squares = 0;
  for (const auto& [from, to] : {std::pair(a, b), std::pair(b, a)}) {
    const Path* direct = path(ends_[from], ends_[to]);
    both.mean += path_delay(ends_[from], ends_[to]);
    if (direct != nullptr) squares += square_of(direct->deviation);
    const std::int32_t number = ends_[from].link_class;
    if (number < 0) continue;
    const Addition& addition = additions_[static_cast<std::size_t>(number)];
    both.mean += addition.mean;
    squares += addition.squares;
  }
  both.deviation = Duration(static_cast<Duration::rep>(square_root(squares)) * kNsPerUs);
  return both;
}

Duration Links::draw(NodeNumber node, Time now, Duration longest) const {
  const std::uint64_t bits =
      uniform_bits(mix(seed_at(now), ends_[node].key, static_cast<std::uint64_t>(to_ns(now))),
                   static_cast<std::uint64_t>(Purpose::node_draw));
  return Distribution::uniform(Duration{0}, longest).sample(bits);
}

// No packet's fate: a pause that the end draws, whatever becomes of packets.
std::uint64_t Links::draw_bits(NodeNumber from, NodeNumber to, Time now) const {
  return uniform_bits(instant_of(seed_, from, to, now),
                      static_cast<std::uint64_t>(Purpose::pair_draw));
}

}  // namespace macula::sim
