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

// The nodes that are asked to hold a value.
enum class Placement : std::uint8_t {
  lookup,  // the k closest that a lookup finds
  table,   // the k closest of the own table, with no lookup first (Macula 0.8)
  own,     // nobody: the node's store is all there is, and nothing is looked for elsewhere
};

// The node that a routed call is passed to.
enum class RouteRule : std::uint8_t {
  closer,  // only a contact strictly closer to the destination: routes cannot loop
  any,     // the closest known contact, however far (Macula 0.8)
};

// The answer to a FIND_VALUE for an unknown key.
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
  // A peer that is silent for longer than usual is slow: others are asked in its place. Until
  // query_timeout its answer still counts (RFC 6298; dht/table/round_trip.h).
  bool adaptive_timeouts = true;
  Duration call_timeout = std::chrono::seconds(5);
  Duration deadline = std::chrono::seconds(10);  // of store and find_value as a whole
  Duration ttl = std::chrono::seconds(300);      // announced in provider records
  // Providers among which a call shares the time that is left: one that lives may be at work for
  // its share before another is asked, too. All that are listed are asked while time is left.
  std::uint32_t failover = 3;
  StopRule stop = StopRule::paper;
  Placement placement = Placement::lookup;
  RouteRule route = RouteRule::closer;
  Misses misses = Misses::nodes;
  bool refresh_on_join = true;  // self-lookup, then a lookup in every farther bucket
  // Contacts that fail leave the table, and newcomers wait for their places (BEP 5). Else the first
  // to come stay for ever (Macula 0.8).
  bool evict = true;
  // Contacts of one subnet (dht/contact/endpoint.h) in a bucket. Two in go-ethereum, where nobody
  // is behind one address with others; here, half of twenty nodes at one site may be in the far
  // bucket.
  std::uint32_t subnet_limit = 10;
  // A contact not heard from for this long has to prove that it lives (BEP 5).
  Duration questionable_after = std::chrono::minutes(15);
  bool maintenance = true;  // the node does chores (dht/chore.h)
  // Bytes of frames a second that chores may send. Figures for Kademlia under churn are some
  // hundred bytes per node and second (Li et al., "A performance vs. cost framework for evaluating
  // DHT design tradeoffs under churn", 2005).
  std::uint32_t maintenance_budget = 500;
  // A bucket that has seen no lookup for this long gets one (Kademlia, 2002, section 2.3).
  Duration refresh_interval = std::chrono::hours(1);
  // Records end when their ttl has passed since their publication, are numbered and can be
  // withdrawn, and what is told of this travels beside them. False: a value stays (Macula 0.8).
  bool expiry = true;
  bool sign_providers = true;  // provider records are signed
  // With one a find takes the first holder's word (Kademlia's rule). With more it asks all of the k
  // closest, and returns the newest version that any of them holds: it costs a whole lookup, and
  // finds what a stale holder does not know.
  std::uint32_t quorum = 1;
  // A node estimates how many there are, by so many of its last lookups (dht/node/size_estimate.h).
  bool estimate_size = false;
  std::uint32_t size_lookups = 16;
  // A value found is left with the closest node seen that had none (dht/record/copies.h).
  bool leave_copies = true;
  // A discovery asks the network, too, where the own store has an answer (not in Macula 0.8).
  bool discover_beyond_own = true;
  // A publisher stores its records again within this time, a minute before they end (Macula 0.8).
  Duration republish_interval = std::chrono::seconds(240);
  // Records are published again region by region of the id space (dht/node/region_walk.h): one walk
  // through a region for all that lie in it, in place of a lookup for each.
  bool republish_regions = false;
  // A holder that has not heard of a record for this long stores it at the closest (Kademlia, 2002,
  // section 2.5: once an hour in a life of a day). Above the ttl it never comes to that.
  Duration replicate_interval = std::chrono::seconds(150);
  // A record that has ended is dropped within this time. It is not served before that, either.
  Duration sweep_interval = std::chrono::seconds(60);
  // A record is given to a node that has become one of the k closest to it (section 2.5).
  bool hand_over = true;
  // Limits of the own store: keys; bytes of all records, and of one; the share of both that records
  // of one origin may take.
  std::uint32_t store_keys = 65'536;
  std::uint64_t store_bytes = std::uint64_t{64} << 20;
  std::uint64_t record_bytes = std::uint64_t{512} << 10;
  std::uint32_t origin_share_ppm = 250'000;
};

// Nothing for an unknown name.
[[nodiscard]] std::optional<Protocol> find_profile(std::string_view name);
[[nodiscard]] const std::vector<std::string_view>& profile_names();

}  // namespace macula::dht
