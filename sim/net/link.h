// The fate of packets: how long each takes, and whether it arrives.
//
//   Links links(model, seed);
//   links.add_node(name, region, link_class);                  // numbers count from 0
//   Fate fate = links.fate(from, to, now);
//
// Everything is a stateless hash of (seed, names of both ends, time of sending, how many packets
// went the same way at that instant, purpose). So a packet's fate depends on no other packet: take
// a node or a fault out of a scenario, and all packets that do not concern it fare as before.
// Numbering packets by a counter per link would do the same at the price of a counter per pair of
// nodes.
#pragma once

#include <cstdint>
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
};

class Links {
 public:
  Links(const LinkModel& model, std::uint64_t seed);

  // `region` and `link_class` name entries of the model; empty for none.
  void add_node(std::string_view name, std::string_view region, std::string_view link_class);

  // Of a packet sent now.
  [[nodiscard]] Fate fate(NodeNumber from, NodeNumber to, Time now);
  // Starts loading what the fate of a packet between them depends on.
  void prefetch(NodeNumber a, NodeNumber b) const {
    __builtin_prefetch(ends_.data() + a);
    __builtin_prefetch(ends_.data() + b);
  }
  // Without jitter, there and back: what a transport would have measured.
  [[nodiscard]] Duration round_trip(NodeNumber a, NodeNumber b) const;
  // A time drawn for a node at an instant, between 0 and `longest`.
  [[nodiscard]] Duration draw(NodeNumber node, Time now, Duration longest) const;

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
  };

  struct End {
    std::uint64_t key;  // hash of the name
    std::int32_t region;
    std::int32_t link_class;
  };

  // Of the direct path from one region to another.
  struct Path {
    Duration mean{0};
    Distribution delay;  // of each packet
    std::uint32_t loss_ppm = 0;
  };

  // Where the packets went that one node sent at one instant: tells those apart that went one way.
  struct Burst {
    Time time = kTimeMax;
    std::vector<NodeNumber> to;
  };

  [[nodiscard]] const Path* path(const End& from, const End& to) const;
  [[nodiscard]] Duration base_delay(const End& from, const End& to) const;
  [[nodiscard]] std::uint64_t ordinal(NodeNumber from, NodeNumber to, Time now);

  const LinkModel* model_;
  std::uint64_t seed_;
  std::vector<End> ends_;
  std::vector<std::string_view> regions_;
  std::vector<std::optional<Path>> paths_;  // regions squared, row by sender
  std::vector<Burst> bursts_;               // by sender
};

}  // namespace macula::sim
