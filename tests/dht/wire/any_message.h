// Random values, contacts and messages of every type, for properties. Called inside a property.
#pragma once

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dht/contact/contact_book.h"
#include "dht/wire/message.h"

namespace macula::dht::wire {

// Mostly short; sometimes past the borders at which MessagePack changes form.
inline Bytes any_bytes() {
  const int kind = *rc::gen::inRange(0, 20);
  if (kind == 0) return Bytes(*rc::gen::element<std::size_t>(255, 256, 65535, 65536), 'x');
  return *rc::gen::string<std::string>();
}

inline std::uint64_t any_number() {
  const std::uint64_t border = std::uint64_t{1} << *rc::gen::inRange(0, 64);
  return border + *rc::gen::inRange<std::uint64_t>(0, 3) - 1;
}

inline bool any_flag() {
  return *rc::gen::arbitrary<bool>();
}

inline NodeId any_id() {
  return hash_id(*rc::gen::string<std::string>());
}

inline CallId any_call_id() {
  return *rc::gen::arbitrary<CallId>();
}

inline std::vector<std::string> any_texts() {
  return *rc::gen::container<std::vector<std::string>>(rc::gen::string<std::string>());
}

inline Value any_value(int depth = 0) {
  switch (*rc::gen::inRange(0, depth < 4 ? 12 : 6)) {
    case 0:
      return {Nil{}};
    case 1:
      return {any_flag()};
    case 2:
      return make_integer(static_cast<std::int64_t>(any_number()));
    case 3:
      return {any_number()};
    case 4:
      return {static_cast<double>(*rc::gen::arbitrary<std::int64_t>()) / 8};
    case 5:
      return {any_bytes()};
    case 6:
    case 7: {
      Array elements(*rc::gen::inRange<std::size_t>(0, 20));
      for (Value& element : elements) element = any_value(depth + 2);
      return {std::move(elements)};
    }
    default: {
      Map entries(*rc::gen::inRange<std::size_t>(0, 20));
      for (Entry& entry : entries) {
        entry = {*rc::gen::string<std::string>(), any_value(depth + 2)};
      }
      return make_map(std::move(entries));
    }
  }
}

inline SharedValue any_shared_value() {
  return std::make_shared<const Value>(any_value());
}

inline ContactRef any_contact(ContactBook& book) {
  Contact contact;
  contact.id = any_id();
  const auto port = *rc::gen::inRange<std::uint16_t>(1, 65535);
  contact.endpoint = make_ipv4(*rc::gen::arbitrary<std::uint32_t>(), port);
  if (any_flag()) contact.endpoint.address = *rc::gen::arbitrary<std::array<std::uint8_t, 16>>();
  if (any_flag()) contact.relay = any_id();
  return *book.intern(contact);
}

inline ContactList any_contacts(ContactBook& book) {
  ContactList contacts;
  const int count = *rc::gen::inRange(0, 50);
  for (int i = 0; i < count; ++i) contacts.push_back(any_contact(book));
  return contacts;
}

inline std::uint8_t any_qos() {
  return *rc::gen::inRange<std::uint8_t>(0, 3);
}

inline Publish any_publish() {
  return {any_bytes(), any_bytes(), any_qos(), any_flag(), any_call_id()};
}

inline Call any_call() {
  Call call{any_bytes(), any_bytes(), any_call_id(), std::nullopt};
  if (any_flag()) call.timeout_ms = any_number();
  return call;
}

inline Reply any_reply() {
  if (any_flag()) return {any_call_id(), CallError{any_bytes(), any_bytes()}};
  return {any_call_id(), any_bytes()};
}

template <std::size_t N>
std::array<std::uint8_t, N> any_fixed_bytes() {
  return *rc::gen::arbitrary<std::array<std::uint8_t, N>>();
}

// A record of which all that may be told is told, or some, or nothing.
inline Record any_record() {
  Record record{any_shared_value()};
  if (any_flag()) return record;
  // More than 32 bits, too.
  record.lifetime_ms = *rc::gen::inRange<std::uint64_t>(1, any_flag() ? 1000 : kLongestLifetimeMs);
  record.ttl_ms = *rc::gen::inRange<std::uint64_t>(0, record.lifetime_ms);
  if (any_flag()) record.since_ms = *rc::gen::inRange<std::uint64_t>(1, kLongestLifetimeMs);
  record.withdrawn = any_flag();
  record.spare = any_flag();
  if (any_flag()) {
    record.writer = *rc::gen::inRange<std::uint64_t>(1, ~std::uint64_t{0});
    record.number = any_number();
  }
  if (any_flag()) return record;
  record.proof = std::make_shared<const Proof>(
      Proof{any_fixed_bytes<32>(), any_number(), any_fixed_bytes<64>()});
  return record;
}

inline std::vector<Record> any_withdrawn() {
  std::vector<Record> withdrawn(*rc::gen::inRange<std::size_t>(0, 3));
  for (Record& record : withdrawn) record = any_record();
  return withdrawn;
}

inline FindValueReply any_find_value_reply(ContactBook& book) {
  if (any_flag()) return {any_contacts(book), any_withdrawn(), any_flag()};
  std::vector<Record> records(*rc::gen::inRange<std::size_t>(0, 20));
  for (Record& record : records) record = any_record();
  FindValueReply reply{std::move(records), any_withdrawn(), any_flag(), any_flag()};
  if (any_flag()) reply.closer = std::make_unique<ContactList>(any_contacts(book));
  return reply;
}

inline std::uint32_t any_hops() {
  return *rc::gen::arbitrary<std::uint32_t>();
}

inline constexpr std::size_t kAlternatives = std::variant_size_v<Message>;
// The alternatives before `relay`, which it may carry here.
inline constexpr std::size_t kRelayed = 17;

// A message of the alternative `index` of Message.
inline Message any_message_of(std::size_t index, ContactBook& book) {
  switch (index) {
    case 0: {
      Connect connect{any_bytes(), any_id(), any_id(), any_texts(), std::nullopt};
      if (any_flag()) connect.endpoint = any_bytes();
      return connect;
    }
    case 1:
      return Disconnect{any_bytes(), any_bytes()};
    case 2:
      return Ping{any_number()};
    case 3:
      return Pong{any_number(), any_number()};
    case 4:
      return any_publish();
    case 5:
      return Subscribe{any_texts(), any_qos()};
    case 6:
      return Unsubscribe{any_texts()};
    case 7:
      return PubsubRoute{any_id(),   any_id(),    any_hops(),
                         any_hops(), any_bytes(), std::make_unique<Publish>(any_publish())};
    case 8:
      return any_call();
    case 9:
      return any_reply();
    case 10:
      return Cast{any_bytes(), any_bytes()};
    case 11: {
      auto payload = std::make_unique<std::variant<Call, Reply>>();
      if (any_flag()) {
        *payload = any_call();
      } else {
        *payload = any_reply();
      }
      return RpcRoute{any_id(), any_id(), any_hops(), any_hops(), std::move(payload)};
    }
    case 12:
      return FindNode{any_id()};
    case 13:
      return FindNodeReply{any_contacts(book)};
    case 14:
      return Store{any_id(), any_record()};
    case 15:
      return FindValue{any_id()};
    case 16:
      return any_find_value_reply(book);
    case kRelayed + 1:
      return StoreRefused{any_id(), any_bytes()};
    case kRelayed + 2:
      return LeaveCopy{any_id(), any_hops(), any_withdrawn()};
    default: {
      auto relay = std::make_unique<Relay>();
      relay->destination = any_id();
      relay->source = any_id();
      if (any_flag()) relay->sender = any_contact(book);
      relay->payload = any_message_of(*rc::gen::inRange<std::size_t>(0, kRelayed), book);
      return relay;
    }
  }
}

inline Message any_message(ContactBook& book) {
  return any_message_of(*rc::gen::inRange<std::size_t>(0, kAlternatives), book);
}

}  // namespace macula::dht::wire
