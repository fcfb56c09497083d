#include "sim/macula/parameters.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/text/units.h"
#include "dht/protocol.h"
#include "dht/record/record_store.h"
#include "dht/wire/frame.h"
#include "dht/wire/message.h"
#include "sim/file/parameter.h"
#include "sim/scenario/payload.h"

namespace macula::sim {
namespace {

constexpr std::uint32_t kWidthMax = 256;  // of buckets, results and rounds
constexpr std::uint32_t kHopsMax = 255;
constexpr std::uint32_t kPathsMax = 16;
constexpr std::uint32_t kStoreKeysMax = 1'000'000'000;
// Any ttl that can be written can be told to other nodes.
static_assert(kDurationLimit <= std::chrono::milliseconds(dht::wire::kLongestLifetimeMs));

// A frame holds as much; what is left of it is for the names, ids and proofs that travel with the
// bytes, in each message that ever carries them: RPC_ROUTE has the longest.
static_assert(kPayloadBytesMax + (std::size_t{4} << 10) == dht::wire::kMaxPayload);
constexpr std::size_t kBytesHeader = 5;  // of a value's bytes in MessagePack

}  // namespace

std::vector<Parameter> macula_parameters() {
  using P = dht::Protocol;
  return {
      integer_parameter("k", &P::k, kWidthMax, "2", "Size of a result, and number of replicas."),
      integer_parameter("bucket_size", &P::bucket_size, kWidthMax, "8", "Contacts in a bucket.")
          .copying("k", "`k`"),
      integer_parameter("alpha", &P::alpha, kWidthMax, "1", "Queries of a lookup in flight."),
      boolean_parameter("sequential", &P::sequential, "true",
                        "Whether the queries of a round go one after another."),
      integer_parameter("max_hops", &P::max_hops, kHopsMax, "10", "Forwards of a routed call."),
      boolean_parameter("deliver_at_max_hops", &P::deliver_at_max_hops, "true",
                        "Whether a destination reached with the last hop takes the call."),
      boolean_parameter(
          "widen", &P::widen, "false",
          "Whether up to `k` queries are in flight after a round that brought nothing closer."),
      integer_parameter(
          "disjoint_paths", &P::disjoint_paths, kPathsMax, "3",
          "Ways of a lookup that share no peer, each with `alpha` queries in flight."),
      duration_parameter("query_timeout", &P::query_timeout, R"("2s")",
                         "Wait for the answer to a query."),
      boolean_parameter(
          "adaptive_timeouts", &P::adaptive_timeouts, "false",
          "Whether who is silent for longer than usual is slow, and others are asked."),
      duration_parameter("call_timeout", &P::call_timeout, R"("5s")",
                         "Wait for the answer to a call."),
      duration_parameter("deadline", &P::deadline, R"("10s")", "Of a store or find as a whole."),
      duration_parameter("ttl", &P::ttl, R"("300s")",
                         "Life of a record from its publication on; at most 3650d."),
      integer_parameter("failover", &P::failover, kWidthMax, "3",
                        "Providers among which a call shares the time left: one that lives may be "
                        "at work for its share before another is asked."),
      choice_parameter("stop", &P::stop, {"paper", "no-change", "slot"}, R"("paper")",
                       "When a lookup ends."),
      choice_parameter("placement", &P::placement, {"lookup", "table"}, R"("lookup")",
                       "Who is asked to hold a value."),
      choice_parameter("route", &P::route, {"closer", "any"}, R"("closer")",
                       "Whom a routed call is passed to."),
      choice_parameter("misses", &P::misses, {"nodes", "empty"}, R"("empty")",
                       "What answers a find for an unknown key."),
      boolean_parameter("refresh_on_join", &P::refresh_on_join, "false",
                        "Whether joining looks up the own id, then every farther bucket."),
      boolean_parameter("evict", &P::evict, "false",
                        "Whether contacts that fail make room for others."),
      integer_parameter("subnet_limit", &P::subnet_limit, kWidthMax, "2",
                        "Contacts of one public /24 or /64 in a bucket."),
      duration_parameter("questionable_after", &P::questionable_after, R"("1min")",
                         "A contact not heard from for this long is pinged."),
      boolean_parameter("maintenance", &P::maintenance, "false",
                        "Whether nodes maintain tables and records: refresh, probe, republish, "
                        "replicate, expire."),
      speed_parameter("maintenance_budget", &P::maintenance_budget, R"("2KiB/s")",
                      "What the maintenance of a node may send."),
      duration_parameter("refresh_interval", &P::refresh_interval, R"("15min")",
                         "A bucket that has seen no lookup for this long gets one."),
      boolean_parameter("expiry", &P::expiry, "false",
                        "Whether records end after `ttl`, have versions, and can be withdrawn."),
      boolean_parameter("sign_providers", &P::sign_providers, "false",
                        "Whether provider records are signed."),
      integer_parameter("quorum", &P::quorum, kWidthMax, "3",
                        "With 1 a find takes the first holder's word; with more it asks all of the "
                        "`k` closest, and returns the newest."),
      boolean_parameter("discover_beyond_own", &P::discover_beyond_own, "false",
                        "Whether a discovery asks others though the own store has an answer."),
      duration_parameter("republish_interval", &P::republish_interval, R"("240s")",
                         "A publisher stores its records again within this time.")
          .following("4/5 of `ttl`"),
      boolean_parameter("republish_regions", &P::republish_regions, "true",
                        "Whether all records in a region of the ids are published again together, "
                        "without a lookup for each, where `k` is above 1."),
      duration_parameter(
          "replicate_interval", &P::replicate_interval, R"("150s")",
          "A holder stores records that it has not heard of for this long at the closest.")
          .following("1/2 of `ttl`"),
      duration_parameter(
          "sweep_interval", &P::sweep_interval, R"("60s")",
          "What has ended is dropped within this time; it is not served before that.")
          .following("1/5 of `ttl`"),
      boolean_parameter(
          "hand_over", &P::hand_over, "false",
          "Whether a node that becomes one of the k closest to a record is given it."),
      boolean_parameter(
          "leave_copies", &P::leave_copies, "false",
          "Whether who found a value leaves a copy with the closest node that had none."),
      boolean_parameter("estimate_size", &P::estimate_size, "true",
                        "Whether a node estimates how many there are, by its lookups."),
      integer_parameter("size_lookups", &P::size_lookups, kWidthMax, "8",
                        "Its last lookups by which a node estimates how many there are."),
      integer_parameter("store_keys", &P::store_keys, kStoreKeysMax, "1000",
                        "Keys that a node holds records for."),
      size_parameter("store_bytes", &P::store_bytes, R"("16MiB")", "Of all records of a node."),
      size_parameter("record_bytes", &P::record_bytes, R"("64KiB")", "Of one record."),
      share_parameter("origin_share", &P::origin_share_ppm, R"("10%")",
                      "Of a node's store that the records of one origin may take."),
  };
}

std::vector<Profile> macula_profiles() {
  std::vector<Profile> profiles;
  for (const std::string_view name : dht::profile_names()) {
    profiles.push_back({name, *dht::find_profile(name)});
  }
  return profiles;
}

void follow_parameters(const DocumentValue& given, std::any& parameters) {
  auto& protocol = parameters_as<dht::Protocol>(parameters);
  if (find(given, "k") != nullptr && find(given, "bucket_size") == nullptr) {
    protocol.bucket_size = protocol.k;
  }
  if (find(given, "ttl") == nullptr) return;
  const auto follow = [&](std::string_view key, Duration& interval, Duration other) {
    if (find(given, key) == nullptr) interval = std::max(other, Duration{1});
  };
  follow("republish_interval", protocol.republish_interval, protocol.ttl / 5 * 4);
  follow("replicate_interval", protocol.replicate_interval, protocol.ttl / 2);
  follow("sweep_interval", protocol.sweep_interval, protocol.ttl / 5);
}

RecordLimit record_limit(const std::any& parameters) {
  return {parameters_as<dht::Protocol>(parameters).record_bytes,
          kBytesHeader + dht::RecordEntry::kOverhead};
}

}  // namespace macula::sim
