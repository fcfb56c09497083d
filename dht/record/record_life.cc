#include "dht/record/record_life.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/check.h"

namespace macula::dht {
namespace {

using std::chrono::milliseconds;

// The rest of a life that ends then: never more than the whole of it.
std::uint64_t ttl_ms(Time expires, Time now, std::uint64_t lifetime_ms) {
  return std::min(whole_ms(expires - now), lifetime_ms);
}

// The age of an unsigned record that was published again.
std::uint64_t since_ms(const wire::Record& record, Time first, Time published, Time now) {
  const bool told = !record.proof && first < published;
  return told ? std::max(whole_ms(now - first), std::uint64_t{1}) : 0;
}

Duration longest(const Protocol& protocol) {
  return std::max<Duration>(kLongestLife, protocol.ttl);
}

}  // namespace

std::uint64_t whole_ms(Duration duration) {
  const auto ms = std::chrono::duration_cast<milliseconds>(duration).count();
  return ms > 0 ? std::min(static_cast<std::uint64_t>(ms), wire::kLongestLifetimeMs) : 0;
}

Life life_of(const wire::Record& record, Time now, const Protocol& protocol) {
  if (!protocol.expiry) return {now, kTimeMax, now};
  if (record.lifetime_ms != 0) {
    const Time expires = now + milliseconds(record.ttl_ms);
    const Time published = expires - milliseconds(record.lifetime_ms);
    const Time first = record.since_ms != 0 ? now - milliseconds(record.since_ms) : published;
    return {published, expires, std::min(first, published)};
  }
  const wire::Value* ttl = record.value ? record.value->find("ttl") : nullptr;
  const std::uint64_t* seconds = ttl != nullptr ? ttl->as_unsigned() : nullptr;
  if (seconds == nullptr || *seconds == 0) return {now, now + protocol.ttl, now};
  const auto longest_s = std::chrono::duration_cast<std::chrono::seconds>(longest(protocol));
  const auto most = static_cast<std::uint64_t>(longest_s.count());
  return {now, now + std::chrono::seconds(std::min(*seconds, most)), now};
}

bool lives_too_long(const wire::Record& record, const Protocol& protocol) {
  return milliseconds(record.lifetime_ms) > longest(protocol);
}

wire::Record make_record(wire::SharedValue value, bool withdrawn, const Protocol& protocol) {
  wire::Record record;
  record.value = std::move(value);
  if (!protocol.expiry) return record;
  record.lifetime_ms = std::max(whole_ms(protocol.ttl), std::uint64_t{1});
  record.ttl_ms = record.lifetime_ms;
  record.withdrawn = withdrawn;
  return record;
}

bool set_ttl(wire::Record& record, Life life, Time now) {
  if (record.lifetime_ms == 0) return true;
  if (life.expires <= now) return false;
  record.ttl_ms = ttl_ms(life.expires, now, record.lifetime_ms);
  record.since_ms = since_ms(record, life.first, life.published, now);
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
  record.since_ms = since_ms(record, entry.first, entry.published, now);
  record.withdrawn = entry.withdrawn;
  record.writer = entry.writer;
  record.number = entry.number;
  return record;
}

}  // namespace macula::dht
