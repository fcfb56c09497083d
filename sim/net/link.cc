#include "sim/net/link.h"

#include <algorithm>

#include "base/check.h"
#include "base/hash.h"
#include "sim/engine/random.h"

namespace macula::sim {
namespace {

// 64 uniform bits for one purpose of one thing. The step of SplitMix64 whitens what `mix` leaves of
// the likeness of neighbouring purposes: their draws must not be correlated.
std::uint64_t draw_bits(std::uint64_t thing, std::uint64_t purpose) {
  return RandomStream(mix(thing, purpose)).next();
}

// Whether an event of probability `ppm` in a million happens, given 64 uniform bits.
bool happens(std::uint32_t ppm, std::uint64_t random) {
  return ppm != 0 && static_cast<std::uint64_t>((Uint128{random} * 1'000'000) >> 64) < ppm;
}

}  // namespace

Links::Links(const LinkModel& model, std::uint64_t seed) : model_(&model), seed_(seed) {
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
const Links::Path* Links::path(const End& from, const End& to) const {
  if (from.region < 0 || to.region < 0) return nullptr;
  const auto a = static_cast<std::size_t>(from.region);
  const auto b = static_cast<std::size_t>(to.region);
  const auto& there = paths_[a * regions_.size() + b];
  if (there) return &*there;
  const auto& back = paths_[b * regions_.size() + a];
  return back ? &*back : nullptr;
}

Duration Links::base_delay(const End& from, const End& to) const {
  const auto [low, high] = std::minmax(from.key, to.key);
  return model_->default_delay.sample(
      draw_bits(mix(seed_, low, high), static_cast<std::uint64_t>(Purpose::base_delay)));
}

std::uint64_t Links::ordinal(NodeNumber from, NodeNumber to, Time now) {
  Burst& burst = bursts_[from];
  if (burst.time != now) {
    burst.time = now;
    burst.to.clear();
  }
  const auto count = std::count(burst.to.begin(), burst.to.end(), to);
  burst.to.push_back(to);
  return static_cast<std::uint64_t>(count);
}

Fate Links::fate(NodeNumber from, NodeNumber to, Time now) {
  const End& sender = ends_[from];
  const End& receiver = ends_[to];
  const Path* direct = path(sender, receiver);
  Fate fate{direct != nullptr ? direct->mean : base_delay(sender, receiver), false};
  const std::uint32_t loss = direct != nullptr ? direct->loss_ppm : model_->default_loss_ppm;
  const bool jitters = direct != nullptr && direct->delay.kind() != Distribution::Kind::constant;
  if (!jitters && loss == 0 && sender.link_class < 0 && receiver.link_class < 0) return fate;

  const std::uint64_t packet = mix(mix(seed_, sender.key, receiver.key),
                                   static_cast<std::uint64_t>(to_ns(now)), ordinal(from, to, now));
  const auto bits = [&](Purpose purpose) {
    return draw_bits(packet, static_cast<std::uint64_t>(purpose));
  };
  if (jitters) fate.delay = direct->delay.sample(bits(Purpose::path_delay));
  fate.lost = happens(loss, bits(Purpose::region_loss));
  const auto add_class = [&](std::int32_t number, Purpose delay, Purpose jitter, Purpose lost) {
    if (number < 0) return;
    const LinkClass& link = model_->classes[static_cast<std::size_t>(number)];
    fate.delay += link.delay.sample(bits(delay)) + link.jitter.sample(bits(jitter));
    fate.lost = fate.lost || happens(link.loss_ppm, bits(lost));
  };
  add_class(sender.link_class, Purpose::sender_delay, Purpose::sender_jitter, Purpose::sender_loss);
  add_class(receiver.link_class, Purpose::receiver_delay, Purpose::receiver_jitter,
            Purpose::receiver_loss);
  return fate;
}

Duration Links::round_trip(NodeNumber a, NodeNumber b) const {
  const auto one_way = [&](const End& from, const End& to) {
    const Path* direct = path(from, to);
    Duration delay = direct != nullptr ? direct->mean : base_delay(from, to);
    for (const std::int32_t number : {from.link_class, to.link_class}) {
      if (number < 0) continue;
      const LinkClass& link = model_->classes[static_cast<std::size_t>(number)];
      // The median stands for what was measured.
      static constexpr std::uint64_t kMedian = std::uint64_t{1} << 63;
      delay += link.delay.sample(kMedian) + link.jitter.sample(kMedian);
    }
    return delay;
  };
  return one_way(ends_[a], ends_[b]) + one_way(ends_[b], ends_[a]);
}

Duration Links::draw(NodeNumber node, Time now, Duration longest) const {
  const std::uint64_t bits =
      draw_bits(mix(seed_, ends_[node].key, static_cast<std::uint64_t>(to_ns(now))),
                static_cast<std::uint64_t>(Purpose::node_draw));
  return Distribution::uniform(Duration{0}, longest).sample(bits);
}

}  // namespace macula::sim
