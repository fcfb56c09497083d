#include "dht/record_life.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <utility>

#include "base/check.h"

namespace macula::dht {
namespace {

using std::chrono::milliseconds;

// What is left of a life that ends then: never more than the whole of it.
std::uint32_t ttl_ms(Time expires, Time now, std::uint32_t lifetime_ms) {
  return std::min(whole_ms(expires - now), lifetime_ms);
}

Duration longest(const Protocol& protocol) {
  return std::max<Duration>(kLongestLife, protocol.ttl);
}

}  // namespace

std::uint32_t whole_ms(Duration duration) {
  const auto ms = std::chrono::duration_cast<milliseconds>(duration).count();
  return static_cast<std::uint32_t>(
      std::min<std::int64_t>(ms, std::numeric_limits<std::uint32_t>::max()));
}

Life life_of(const wire::Record& record, Time now, const Protocol& protocol) {
  if (!protocol.expiry) return {now, kTimeMax};
  if (record.lifetime_ms != 0) {
    const Time expires = now + milliseconds(record.ttl_ms);
    return {expires - milliseconds(record.lifetime_ms), expires};
  }
  const wire::Value* ttl = record.value ? record.value->find("ttl") : nullptr;
  const std::uint64_t* seconds = ttl != nullptr ? ttl->as_unsigned() : nullptr;
  if (seconds == nullptr || *seconds == 0) return {now, now + protocol.ttl};
  const auto longest_s = std::chrono::duration_cast<std::chrono::seconds>(longest(protocol));
  const auto most = static_cast<std::uint64_t>(longest_s.count());
  return {now, now + std::chrono::seconds(std::min(*seconds, most))};
}

bool lives_too_long(const wire::Record& record, const Protocol& protocol) {
  return milliseconds(record.lifetime_ms) > longest(protocol);
}

wire::Record make_record(wire::SharedValue value, bool withdrawn, const Protocol& protocol) {
  wire::Record record;
  record.value = std::move(value);
  if (!protocol.expiry) return record;
  record.lifetime_ms = std::max(whole_ms(protocol.ttl), std::uint32_t{1});
  record.ttl_ms = record.lifetime_ms;
  record.withdrawn = withdrawn;
  return record;
}

bool set_ttl(wire::Record& record, Life life, Time now) {
  if (record.lifetime_ms == 0) return true;
  if (life.expires <= now) return false;
  record.ttl_ms = ttl_ms(life.expires, now, record.lifetime_ms);
  return true;
}

wire::Record tell(const RecordStore::Entry& entry, Time now) {
  wire::Record record;
  record.value = entry.value;
  if (entry.expires == kTimeMax) return record;
  MACULA_CHECK(!entry.over(now));
  record.proof = entry.proof;
  record.lifetime_ms = whole_ms(entry.expires - entry.published);
  record.ttl_ms = ttl_ms(entry.expires, now, record.lifetime_ms);
  record.withdrawn = entry.withdrawn;
  return record;
}

}  // namespace macula::dht
