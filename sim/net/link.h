// The fate of packets: how long each takes, and whether it arrives.
//
//   Links links(model, seed);
//   links.add_node(name, region, link_class);                  // numbers count from 0
//   Fate fate = links.fate(from, to, now);                     // of a datagram of its own
//   Fate other = links.fate(from, to, now, bytes);             // together with others, if it fits,
//                                                              // else of several datagrams
//
// Everything is a stateless hash of (seed and salt, names of both ends, time of sending, how many
// datagrams went the same way at that instant, purpose). So a packet's fate depends on no other
// packet: take a node or a fault out of a scenario, and all packets that do not concern it fare as
// before. Numbering packets by a counter per link would do the same at the price of a counter per
// pair of nodes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "sim/net/link_model.h"

namespace macula::sim {

using NodeNumber = std::uint32_t;
inline constexpr NodeNumber kNoNode = 0xffffffff;

struct Fate {
  Duration delay{0};
  bool lost = false;
  Duration over{0};      // of the delay, what exceeds that of the path alone
  bool stopped = false;  // lost to a rule (sim/net/rule.h), not on the link
  // The datagrams that are lost, where there are several: a bit each.
  std::uint32_t which = 0;
};

// The mean of a time, and how far it is from that on average.
struct Spread {
  Duration mean{0};
  Duration deviation{0};
};

using RoundTrip = Spread;

class Links {
 public:
  Links(const LinkModel& model, std::uint64_t seed, const Fates& fates = {});

  // `region` and `link_class` name entries of the model; empty for none.
  void add_node(std::string_view name, std::string_view region, std::string_view link_class);

  // The fate of a datagram sent now.
  [[nodiscard]] Fate fate(NodeNumber from, NodeNumber to, Time now);
  // Messages sent from now on share no datagram with earlier ones.
  void begin_event() { ++event_; }
  // The fate of so many bytes sent now: those that fit share a datagram with bytes that left in the
  // same event. Among several datagrams, at most 32, the last to arrive counts; where one is lost
  // it is lost.
  [[nodiscard]] Fate fate(NodeNumber from, NodeNumber to, Time now, std::size_t bytes);
  // The fate of one of the datagrams with which `from` will probe at a later time.
  [[nodiscard]] Fate probe_fate(NodeNumber from, NodeNumber to, Time time, unsigned copy) const;
  // Starts loading what the fate of a packet that `a` sends to `b` depends on.
  void prefetch(NodeNumber a, NodeNumber b) const {
    __builtin_prefetch(ends_.data() + a);
    __builtin_prefetch(ends_.data() + b);
    __builtin_prefetch(bursts_.data() + a);
  }
  // Whether all datagrams between them arrive, and after the same time.
  [[nodiscard]] bool is_certain(NodeNumber from, NodeNumber to) const {
    const bool plain = additions_.empty() && paths_.empty() && model_->default_loss_ppm == 0;
    return plain || is_certain(ends_[from], ends_[to]);
  }
  // Whether some datagrams between them take longer than others.
  [[nodiscard]] bool jitters(NodeNumber a, NodeNumber b) const {
    return !(additions_.empty() && paths_.empty()) && varies(a, b);
  }
  // There and back: what a transport would have measured after a while.
  [[nodiscard]] RoundTrip round_trip(NodeNumber a, NodeNumber b) const;
  // A time drawn for a node at an instant, between 0 and `longest`.
  [[nodiscard]] Duration draw(NodeNumber node, Time now, Duration longest) const;
  // 64 uniform bits for what `from` does about `to` at an instant.
  [[nodiscard]] std::uint64_t draw_bits(NodeNumber from, NodeNumber to, Time now) const;

 private:
  enum class Purpose : std::uint64_t {
    base_delay,
    path_delay,
    sender_delay,
    sender_jitter,
    receiver_delay,
    receiver_jitter,
    region_loss,
    sender_loss,
    receiver_loss,
    node_draw,
    pair_draw,
    probe,
  };

  struct End {
    std::uint64_t key;  // hash of the name
    std::int32_t region;
    std::int32_t link_class;
  };

  // The direct path from one region to another.
  struct Path {
    Duration mean{0};
    Distribution delay;  // of each packet
    Duration deviation{0};
    std::uint32_t loss_ppm = 0;
  };

  // The datagrams that one node sent at one instant: tells those apart that went one way.
  struct Sent {
    std::uint64_t event;  // in which the last of them left
    NodeNumber to;
    std::uint32_t datagrams : 21;  // more would be gigabytes
    std::uint32_t room : 11;       // bytes, in the last of them
  };
  struct Burst {
    Time time = kTimeMax;
    Sent first{};                               // most often there is no other
    std::unique_ptr<std::vector<Sent>> others;  // made when first needed
  };
  static_assert(sizeof(Burst) == 32);  // half a line of the cache: there is one for each node

  // The delay that a link class adds to a packet there and one back.
  struct Addition {
    Duration mean{0};
    std::uint64_t squares = 0;  // of deviations, in us
    bool varies = false;
  };

  // A hash for the packets sent from one to the other at a time, by a seed.
  [[nodiscard]] std::uint64_t instant_of(std::uint64_t seed, NodeNumber from, NodeNumber to,
                                         Time time) const;
  // The seed of the fates of packets sent then.
  [[nodiscard]] std::uint64_t seed_at(Time time) const {
    return time <= until_ ? fates_ : later_fates_;
  }
  [[nodiscard]] bool varies(NodeNumber a, NodeNumber b) const;
  // nullptr: no row of the matrix covers it.
  [[nodiscard]] const Path* path(const End& from, const End& to) const {
    return paths_.empty() ? nullptr : path_of(from, to);
  }
  [[nodiscard]] const Path* path_of(const End& from, const End& to) const;
  [[nodiscard]] Duration base_delay(const End& from, const End& to) const;
  // Which of the datagrams it is that leave at this instant.
  [[nodiscard]] std::uint64_t ordinal(NodeNumber from, NodeNumber to, Time now, std::size_t bytes);
  // `alone`: what the path alone takes.
  [[nodiscard]] Fate sample(NodeNumber from, NodeNumber to, Duration alone,
                            std::uint64_t packet) const;
  [[nodiscard]] Duration path_delay(const End& from, const End& to) const;
  [[nodiscard]] bool is_certain(const End& from, const End& to) const;

  const LinkModel* model_;
  std::uint64_t seed_;
  std::uint64_t fates_;  // the seed of packets' fates
  Time until_;
  std::uint64_t later_fates_;
  std::vector<End> ends_;
  std::vector<Addition> additions_;  // by link class
  std::vector<std::string_view> regions_;
  std::vector<std::optional<Path>> paths_;  // regions squared, row by sender
  std::vector<Burst> bursts_;               // by sender
  std::uint64_t event_ = 0;
};

}  // namespace macula::sim
