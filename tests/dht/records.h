// Records for tests: signed by numbered owners, with sequence numbers and lives as they please.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "dht/contact/node_id.h"
#include "dht/record/record_life.h"
#include "dht/record/record_signature.h"
#include "dht/record/record_store.h"

namespace macula::dht {

inline const Key kKey = hash_id("key");

inline wire::SharedValue text_value(std::string text) {
  return std::make_shared<const wire::Value>(wire::Value{std::move(text)});
}

inline const SigningKey& owner_key(int number) {
  static const SigningKey keys[] = {
      SigningKey(std::string(32, 'a')), SigningKey(std::string(32, 'b')),
      SigningKey(std::string(32, 'c')), SigningKey(std::string(32, 'd'))};
  return keys[number];
}

inline wire::Record unsigned_record(std::string text, std::uint32_t lifetime_ms = 300'000,
                                    std::uint32_t age_ms = 0) {
  wire::Record record{text_value(std::move(text))};
  record.lifetime_ms = lifetime_ms;
  record.ttl_ms = lifetime_ms - age_ms;
  return record;
}

inline wire::Record signed_record(const Key& key, std::string text, std::uint64_t sequence,
                                  int owner = 0, bool withdrawn = false) {
  wire::Record record = unsigned_record(std::move(text));
  record.withdrawn = withdrawn;
  sign_record(key, record, sequence, owner_key(owner));
  return record;
}

// As it would be put into a store that received it now.
inline RecordStore::Offer offer_of(const wire::Record& record, Time now) {
  const Life life = life_of(record, now, Protocol{});
  return {record, life.published, life.expires, life.first, 0, false};
}

}  // namespace macula::dht
