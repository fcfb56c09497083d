#include "sim/file/parse_protocol.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/text/units.h"
#include "dht/wire/message.h"
#include "sim/file/parse_fields.h"

namespace macula::sim {
namespace {

// In the order of the enumerators.
constexpr std::array<std::string_view, 3> kStopRules{"paper", "no-change", "slot"};
constexpr std::array<std::string_view, 2> kPlacements{"lookup", "table"};
constexpr std::array<std::string_view, 2> kRouteRules{"closer", "any"};
constexpr std::array<std::string_view, 2> kMisses{"nodes", "empty"};

constexpr std::uint32_t kWidthMax = 256;  // of buckets, results and rounds
constexpr std::uint32_t kHopsMax = 255;
constexpr std::uint32_t kPathsMax = 16;
constexpr std::uint32_t kStoreKeysMax = 1'000'000'000;
// Any ttl that can be written can be told to other nodes.
static_assert(kDurationLimit <= std::chrono::milliseconds(dht::wire::kLongestLifetimeMs));

// "12.5%": exact.
std::string format_share(std::uint32_t ppm) {
  std::string text = std::to_string(ppm / 10'000);
  if (ppm % 10'000 != 0) {
    const std::string digits = std::to_string(10'000 + ppm % 10'000).substr(1);
    text += '.' + digits.substr(0, digits.find_last_not_of('0') + 1);
  }
  return text + '%';
}

// The one list of fields, for reading and for showing.
template <typename P, typename Visitor>
void visit(P& p, Visitor&& visitor) {
  visitor.integer("k", kWidthMax, p.k);
  visitor.integer("bucket_size", kWidthMax, p.bucket_size);
  visitor.integer("alpha", kWidthMax, p.alpha);
  visitor.boolean("sequential", p.sequential);
  visitor.integer("max_hops", kHopsMax, p.max_hops);
  visitor.boolean("deliver_at_max_hops", p.deliver_at_max_hops);
  visitor.boolean("widen", p.widen);
  visitor.integer("disjoint_paths", kPathsMax, p.disjoint_paths);
  visitor.duration("query_timeout", p.query_timeout);
  visitor.boolean("adaptive_timeouts", p.adaptive_timeouts);
  visitor.duration("call_timeout", p.call_timeout);
  visitor.duration("deadline", p.deadline);
  visitor.duration("ttl", p.ttl);
  visitor.integer("failover", kWidthMax, p.failover);
  visitor.choice("stop", kStopRules, p.stop);
  visitor.choice("placement", kPlacements, p.placement);
  visitor.choice("route", kRouteRules, p.route);
  visitor.choice("misses", kMisses, p.misses);
  visitor.boolean("refresh_on_join", p.refresh_on_join);
  visitor.boolean("evict", p.evict);
  visitor.integer("subnet_limit", kWidthMax, p.subnet_limit);
  visitor.duration("questionable_after", p.questionable_after);
  visitor.boolean("maintenance", p.maintenance);
  visitor.speed("maintenance_budget", p.maintenance_budget);
  visitor.duration("refresh_interval", p.refresh_interval);
  visitor.boolean("expiry", p.expiry);
  visitor.boolean("sign_providers", p.sign_providers);
  visitor.integer("quorum", kWidthMax, p.quorum);
  visitor.boolean("discover_beyond_own", p.discover_beyond_own);
  visitor.duration("republish_interval", p.republish_interval);
  visitor.duration("replicate_interval", p.replicate_interval);
  visitor.duration("sweep_interval", p.sweep_interval);
  visitor.boolean("hand_over", p.hand_over);
  visitor.boolean("leave_copies", p.leave_copies);
  visitor.integer("store_keys", kStoreKeysMax, p.store_keys);
  visitor.size("store_bytes", p.store_bytes);
  visitor.size("record_bytes", p.record_bytes);
  visitor.share("origin_share", p.origin_share_ppm);
}

struct Reader {
  Fields fields;

  void integer(std::string_view key, std::uint32_t high, std::uint32_t& out) {
    fields.integer(key, 1U, high, out);
  }
  void boolean(std::string_view key, bool& out) { fields.boolean(key, out); }
  void speed(std::string_view key, std::uint32_t& out) { fields.speed(key, out); }
  void size(std::string_view key, std::uint64_t& out) { fields.size(key, out); }
  void share(std::string_view key, std::uint32_t& out) { fields.share(key, out); }
  void duration(std::string_view key, Duration& out) {
    Duration value{0};
    if (!fields.duration(key, value)) return;
    if (value.count() == 0) {
      fields.problems().at(*find(fields.value(), key), "`" + std::string(key) + "` cannot be 0");
      return;
    }
    out = value;
  }
  template <typename Enum, std::size_t N>
  void choice(std::string_view key, const std::array<std::string_view, N>& words, Enum& out) {
    fields.choice(key, words, out);
  }
};

struct Writer {
  Value& table;
  const std::string& origin;

  Value make(Value::Kind kind) const {
    Value value;
    value.kind = kind;
    value.origin = origin;
    return value;
  }
  void text(std::string_view key, std::string text) const {
    Value value = make(Value::Kind::text);
    value.text = std::move(text);
    set_member(table, std::string(key), std::move(value));
  }
  void integer(std::string_view key, std::uint32_t, std::uint32_t number) const {
    Value value = make(Value::Kind::integer);
    value.integer = number;
    set_member(table, std::string(key), std::move(value));
  }
  void boolean(std::string_view key, bool truth) const {
    Value value = make(Value::Kind::boolean);
    value.boolean = truth;
    set_member(table, std::string(key), std::move(value));
  }
  void speed(std::string_view key, std::uint32_t bytes_per_s) const {
    text(key, format_size(bytes_per_s) + "/s");
  }
  void size(std::string_view key, std::uint64_t bytes) const { text(key, format_size(bytes)); }
  void share(std::string_view key, std::uint32_t ppm) const { text(key, format_share(ppm)); }
  void duration(std::string_view key, Duration duration) const {
    text(key, format_duration(duration));
  }
  template <typename Enum, std::size_t N>
  void choice(std::string_view key, const std::array<std::string_view, N>& words, Enum word) const {
    text(key, std::string(*(words.data() + static_cast<std::size_t>(word))));
  }
};

}  // namespace

void read_protocol(const Value& table, Problems& problems, dht::Protocol& protocol) {
  visit(protocol, Reader{Fields(table, problems)});
  if (find(table, "k") != nullptr && find(table, "bucket_size") == nullptr) {
    protocol.bucket_size = protocol.k;
  }
  if (find(table, "ttl") == nullptr) return;
  const auto follow = [&](std::string_view key, Duration& interval, Duration given) {
    if (find(table, key) == nullptr) interval = std::max(given, Duration{1});
  };
  follow("republish_interval", protocol.republish_interval, protocol.ttl / 5 * 4);
  follow("replicate_interval", protocol.replicate_interval, protocol.ttl / 2);
  follow("sweep_interval", protocol.sweep_interval, protocol.ttl / 5);
}

Value protocol_value(const dht::Protocol& protocol, const std::string& origin) {
  Value table;
  visit(protocol, Writer{table, origin});
  return table;
}

}  // namespace macula::sim
