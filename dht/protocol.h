// The parameters and rules of the protocol, and the profiles: named sets of them.
//
//   Protocol protocol = *find_profile("kademlia");
//   protocol.k = 2;
//
// `kademlia` is the correct protocol and the default. `macula-0.8` is Macula v0.8.0 as it was,
// flaws included. A profile is what users compare.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace macula::dht {

// When a lookup ends.
enum class StopRule : std::uint8_t {
  paper,      // the k closest that have not failed have all answered (Kademlia, 2002, section 2.3)
  no_change,  // a round of alpha queries left the k closest unchanged (Macula 0.8)
  slot,       // as `paper`, but a failed node keeps its place among the k closest
};

// Who is asked to hold a value.
enum class Placement : std::uint8_t {
  lookup,  // the k closest that a lookup finds
  table,   // the k closest of the own table, with no lookup first (Macula 0.8)
};

// Whom a routed call is passed to.
enum class RouteRule : std::uint8_t {
  closer,  // only a contact strictly closer to the destination: routes cannot loop
  any,     // the closest known contact, however far (Macula 0.8)
};

// What answers a FIND_VALUE for an unknown key.
enum class Misses : std::uint8_t {
  nodes,  // contacts closer to the key
  empty,  // no contacts: lookups get one hop deep
};

struct Protocol {
  std::uint32_t k = 20;            // size of a result, number of replicas
  std::uint32_t bucket_size = 20;  // contacts in a bucket
  std::uint32_t alpha = 3;      // queries of a lookup in flight; in `no-change` queries in a round
  bool sequential = false;      // the queries of a round go one after another (Macula 0.8)
  std::uint32_t max_hops = 10;  // forwards of a routed call
  bool deliver_at_max_hops = true;  // a destination reached with the last hop takes the call
  // Up to k queries at once after a round that brought nothing closer (Kademlia, 2002, 2.3).
  bool widen = true;
  // A lookup goes so many ways that share no peer (S/Kademlia, 2007), each with alpha queries.
  std::uint32_t disjoint_paths = 1;
  Duration query_timeout = std::chrono::seconds(5);
  // Who is silent for longer than usual is slow: others are asked in its place. Until query_timeout
  // its answer still counts (RFC 6298; dht/round_trip.h).
  bool adaptive_timeouts = true;
  Duration call_timeout = std::chrono::seconds(5);
  Duration deadline = std::chrono::seconds(10);  // of store and find_value as a whole
  Duration ttl = std::chrono::seconds(300);      // announced in provider records
  std::uint32_t failover = 3;                    // providers that one call tries
  StopRule stop = StopRule::paper;
  Placement placement = Placement::lookup;
  RouteRule route = RouteRule::closer;
  Misses misses = Misses::nodes;
  bool refresh_on_join = true;  // self-lookup, then a lookup in every farther bucket
  bool maintenance = true;      // the node does chores (dht/chore.h)
  // Bytes of frames a second that chores may send. Figures for Kademlia under churn are some
  // hundred bytes per node and second (Li et al., "A performance vs. cost framework for evaluating
  // DHT design tradeoffs under churn", 2005).
  std::uint32_t maintenance_budget = 500;
  // A bucket that has seen no lookup for this long gets one (Kademlia, 2002, section 2.3).
  Duration refresh_interval = std::chrono::hours(1);
};

// Nothing for an unknown name.
[[nodiscard]] std::optional<Protocol> find_profile(std::string_view name);
[[nodiscard]] const std::vector<std::string_view>& profile_names();

}  // namespace macula::dht
