#include "sim/file/key_makers.h"

namespace macula::sim {

Keys protocol_keys() {
  const std::string_view t = "protocol";
  const std::string_view profile = "of the profile";
  return {
      optional(t, "k", "1 to 256", profile, "2", "Size of a result, and number of replicas."),
      optional(t, "bucket_size", "1 to 256", "`k`", "8", "Contacts in a bucket."),
      optional(t, "alpha", "1 to 256", profile, "1", "Queries of a lookup in flight."),
      optional(t, "sequential", "boolean", profile, "true",
               "Whether the queries of a round go one after another."),
      optional(t, "max_hops", "1 to 255", profile, "10", "Forwards of a routed call."),
      optional(t, "deliver_at_max_hops", "boolean", profile, "true",
               "Whether a destination reached with the last hop takes the call."),
      optional(
          t, "widen", "boolean", profile, "false",
          "Whether up to `k` queries are in flight after a round that brought nothing closer."),
      optional(t, "disjoint_paths", "1 to 16", profile, "3",
               "Ways of a lookup that share no peer, each with `alpha` queries in flight."),
      optional(t, "query_timeout", "duration", profile, "\"2s\"",
               "Wait for the answer to a query."),
      optional(t, "adaptive_timeouts", "boolean", profile, "false",
               "Whether who is silent for longer than usual is slow, and others are asked."),
      optional(t, "call_timeout", "duration", profile, "\"5s\"", "Wait for the answer to a call."),
      optional(t, "deadline", "duration", profile, "\"10s\"", "Of a store or find as a whole."),
      optional(t, "ttl", "duration", profile, "\"300s\"",
               "Life of a record from its publication on; at most 3650d."),
      optional(t, "failover", "1 to 256", profile, "3",
               "Providers among which a call shares the time left: one that lives may be at work "
               "for its share before another is asked."),
      optional(t, "stop", "paper, no-change, slot", profile, "\"paper\"", "When a lookup ends."),
      optional(t, "placement", "lookup, table", profile, "\"lookup\"",
               "Who is asked to hold a value."),
      optional(t, "route", "closer, any", profile, "\"closer\"",
               "Whom a routed call is passed to."),
      optional(t, "misses", "nodes, empty", profile, "\"empty\"",
               "What answers a find for an unknown key."),
      optional(t, "refresh_on_join", "boolean", profile, "false",
               "Whether joining looks up the own id, then every farther bucket."),
      optional(t, "evict", "boolean", profile, "false",
               "Whether contacts that fail make room for others."),
      optional(t, "subnet_limit", "1 to 256", profile, "2",
               "Contacts of one public /24 or /64 in a bucket."),
      optional(t, "questionable_after", "duration", profile, "\"1min\"",
               "A contact not heard from for this long is pinged."),
      optional(t, "maintenance", "boolean", profile, "false",
               "Whether nodes maintain tables and records: refresh, probe, republish, "
               "replicate, expire."),
      optional(t, "maintenance_budget", "size/s", profile, "\"2KiB/s\"",
               "What the maintenance of a node may send."),
      optional(t, "refresh_interval", "duration", profile, "\"15min\"",
               "A bucket that has seen no lookup for this long gets one."),
      optional(t, "expiry", "boolean", profile, "false",
               "Whether records end after `ttl`, have versions, and can be withdrawn."),
      optional(t, "sign_providers", "boolean", profile, "false",
               "Whether provider records are signed."),
      optional(t, "quorum", "1 to 256", profile, "3",
               "With 1 a find takes the first holder's word; with more it asks all of the `k` "
               "closest, and returns the newest."),
      optional(t, "discover_beyond_own", "boolean", profile, "false",
               "Whether a discovery asks others though the own store has an answer."),
      optional(t, "republish_interval", "duration", "4/5 of `ttl`", "\"240s\"",
               "A publisher stores its records again within this time."),
      optional(t, "replicate_interval", "duration", "1/2 of `ttl`", "\"150s\"",
               "A holder stores records that it has not heard of for this long at the closest."),
      optional(t, "sweep_interval", "duration", "1/5 of `ttl`", "\"60s\"",
               "What has ended is dropped within this time; it is not served before that."),
      optional(t, "hand_over", "boolean", profile, "false",
               "Whether a node that becomes one of the k closest to a record is given it."),
      optional(t, "leave_copies", "boolean", profile, "false",
               "Whether who found a value leaves a copy with the closest node that had none."),
      optional(t, "store_keys", "1 to 1000000000", profile, "1000",
               "Keys that a node holds records for."),
      optional(t, "store_bytes", "size", profile, "\"16MiB\"", "Of all records of a node."),
      optional(t, "record_bytes", "size", profile, "\"64KiB\"", "Of one record."),
      optional(t, "origin_share", "share", profile, "\"10%\"",
               "Of a node's store that the records of one origin may take."),
  };
}

}  // namespace macula::sim
