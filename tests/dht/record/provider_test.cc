#include "dht/record/provider.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "tests/dht/contacts.h"

namespace macula::dht {
namespace {

using wire::Entry;
using wire::Map;
using wire::Value;

const Contact kDirect{hash_id("edge3"), *parse_endpoint("172.21.0.33:9443"), std::nullopt};
const Contact kRelayed{hash_id("edge3"), *parse_endpoint("172.21.0.20:9443"), hash_id("gateway")};

Value without(const Value& record, const std::string& key) {
  Map fields;
  for (const Entry& field : *record.as_map()) {
    if (field.key != key) fields.push_back(field);
  }
  return wire::make_map(std::move(fields));
}

Value with(const Value& record, const std::string& key, Value value) {
  Map fields = *record.as_map();
  fields.push_back({key, std::move(value)});
  return wire::make_map(std::move(fields));
}

TEST(Provider, KeyOfAServiceIsAlwaysHashed) {
  const std::string name(32, 'n');
  EXPECT_EQ(service_key(name), hash_id(name));
  EXPECT_NE(service_key(name), normalize(name));
}

TEST(Provider, RecordNamesTheProviderAndItsTimes) {
  const auto record = make_provider_record(kDirect, kTimeZero + std::chrono::milliseconds(61'900),
                                           std::chrono::seconds(300));
  EXPECT_EQ(*record->find("node_id")->as_bytes(), id_to_bytes(kDirect.id));
  EXPECT_EQ(*record->find("endpoint")->as_bytes(), "172.21.0.33:9443");
  EXPECT_EQ(*record->find("advertised_at")->as_unsigned(), 61U);
  EXPECT_EQ(*record->find("ttl")->as_unsigned(), 300U);
  EXPECT_TRUE(record->find("metadata")->as_map()->empty());
  EXPECT_EQ(record->find("relay"), nullptr);
}

TEST(Provider, RecordIsReadBack) {
  for (const Contact& contact : {kDirect, kRelayed}) {
    const auto record = make_provider_record(contact, kTimeZero, std::chrono::seconds(300));
    EXPECT_EQ(provider_contact(*record), contact);
  }
}

TEST(Provider, WhatNobodyCanReachIsNoProvider) {
  const Value record = *make_provider_record(kDirect, kTimeZero, std::chrono::seconds(300));
  EXPECT_TRUE(provider_contact(record).has_value());
  EXPECT_FALSE(provider_contact(without(record, "node_id")).has_value());
  EXPECT_FALSE(provider_contact(without(record, "endpoint")).has_value());
  EXPECT_FALSE(provider_contact(with(record, "node_id", {std::string(31, 'x')})).has_value());
  EXPECT_FALSE(provider_contact(with(record, "node_id", {std::uint64_t{7}})).has_value());
  EXPECT_FALSE(provider_contact(with(record, "endpoint", {"edge3:9443"})).has_value());
  EXPECT_FALSE(provider_contact(with(record, "endpoint", {std::uint64_t{7}})).has_value());
  EXPECT_FALSE(provider_contact({std::string("text")}).has_value());
  EXPECT_FALSE(provider_contact({wire::Nil{}}).has_value());
}

}  // namespace
}  // namespace macula::dht
