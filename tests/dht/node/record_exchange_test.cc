// Records between nodes: how a node tells, believes, refuses and repairs them.
#include "tests/dht/node/record_exchange.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace macula::dht {
namespace {

using namespace std::chrono_literals;

TEST_F(RecordExchange, WhatIsLeftOfALifeIsToldAndNothingAfterIt) {
  start_far();
  host.advance(1000s);
  host.tell(contact(1), wire::Store{kKey, unsigned_record("x", 300'000, 100'000)});
  host.advance(50s);
  const auto& held = std::get<std::vector<wire::Record>>(answer().result);
  EXPECT_EQ(held.at(0).lifetime_ms, 300'000U);
  EXPECT_EQ(held.at(0).ttl_ms, 150'000U);
  host.advance(150s - 1ns);
  EXPECT_TRUE(answers_a_value());
  host.advance(1ns);
  EXPECT_FALSE(answers_a_value());
}

TEST_F(RecordExchange, AValueOfMacula08EndsAfterTheProtocolsTtl) {
  start_far();
  host.tell(contact(1), wire::Store{kKey, {text("x")}});
  host.advance(protocol.ttl - 1ns);
  EXPECT_TRUE(answers_a_value());
  host.advance(1ns);
  EXPECT_FALSE(answers_a_value());
}

TEST_F(RecordExchange, Macula08TellsNothingAndForgetsNothing) {
  protocol = *find_profile("macula-0.8");
  Node& node = start_far();
  node.add_contact(contact(1));
  Store store;
  node.store(kKey, text("own"), {true}, store.done());
  const auto& sent = std::get<wire::Store>(host.sent.at(0).message).record;
  EXPECT_EQ(sent.lifetime_ms, 0U);
  EXPECT_EQ(sent.proof, nullptr);
  // A withdrawal is the value once more, a signature nothing.
  wire::Record forged = signed_record(kKey, "x", 9, 0, true);
  forged.value = text("y");
  host.tell(contact(1), wire::Store{kKey, forged});
  host.advance(std::chrono::hours(24));
  const auto& held = std::get<std::vector<wire::Record>>(answer().result);
  ASSERT_EQ(held.size(), 1U);
  EXPECT_EQ(*held[0].value, *text("y"));
  EXPECT_EQ(held[0].lifetime_ms, 0U);
  EXPECT_TRUE(refusals().empty());
}

TEST_F(RecordExchange, AForgedRecordIsRefusedCountedAndToldToWhoUnderstands) {
  Node& node = start_far();
  wire::Record forged = signed_record(kKey, "text", 7);
  forged.value = text("forged");
  host.tell(contact(1), wire::Store{kKey, forged});
  EXPECT_EQ(node.storage().counts().forged, 1U);
  EXPECT_EQ(node.records().size(), 0U);
  EXPECT_EQ(refusals(), Texts{"bad_signature"});
  host.tell(contact(1), wire::StoreRefused{kKey, "bad_signature"});
  EXPECT_EQ(node.storage().counts().refusals, 1U);
}

TEST_F(RecordExchange, LimitsAreToldToWhoUnderstandsAndNotToMacula08) {
  protocol.record_bytes = 1000;
  Node& node = start_far();
  const std::string large(2000, 'x');
  host.tell(contact(1), wire::Store{kKey, {text(large)}});
  EXPECT_TRUE(host.sent.empty());
  host.tell(contact(1), wire::Store{kKey, unsigned_record(large)});
  EXPECT_EQ(refusals(), Texts{"too_large"});
  host.tell(contact(1), wire::Store{kKey, unsigned_record("x", 0xffffffff)});
  EXPECT_EQ(refusals(), (Texts{"too_large", "too_long"}));
  EXPECT_EQ(node.records().refused(), 2U);
}

// The caller need not wait for the last of the quorum.
TEST_F(RecordExchange, ValuesAreHandedOverAsTheyCome) {
  protocol.quorum = 3;
  Node& node = start_far();
  for (const std::uint64_t number : {1U, 2U, 3U}) node.add_contact(contact(number));
  Texts handed;
  FindOptions options;
  options.on_value = [&](const wire::SharedValue& value) { handed.push_back(*value->as_bytes()); };
  Find find;
  node.find_value(kKey, options, find.done());
  EXPECT_TRUE(handed.empty());
  host.answer(0, reply({signed_record(kKey, "old", 7)}));
  EXPECT_EQ(handed, Texts{"old"});
  wire::Record forged = signed_record(kKey, "forged", 9);
  forged.value = text("another");
  host.answer(1, reply({forged, signed_record(kKey, "old", 7), signed_record(kKey, "new", 8)}));
  EXPECT_EQ(handed, (Texts{"old", "new"}));
  EXPECT_EQ(find.times, 0);
  host.answer(2, reply({signed_record(kKey, "new", 8)}));
  EXPECT_EQ(find.times, 1);
  EXPECT_EQ(texts(find.result), Texts{"new"});
  EXPECT_EQ(handed, (Texts{"old", "new"}));
}

TEST_F(RecordExchange, AQuorumsNewestIsReturnedAndTheStaleRepaired) {
  protocol.quorum = 3;
  Node& node = start_far();
  for (const std::uint64_t number : {1U, 2U, 3U}) node.add_contact(contact(number));
  Find find;
  node.find_value(kKey, {}, find.done());
  host.answer(0, reply({signed_record(kKey, "old", 7)}));
  host.answer(1, reply({signed_record(kKey, "new", 8), signed_record(kKey, "other", 1, 1)}));
  EXPECT_EQ(find.times, 0);
  host.answer(2, reply({signed_record(kKey, "new", 8)}));
  EXPECT_EQ(find.times, 1);
  Texts found = texts(find.result);
  std::sort(found.begin(), found.end());
  EXPECT_EQ(found, (Texts{"new", "other"}));
  std::vector<std::pair<ContactRef, std::string>> repaired;
  for (const auto& sent : host.sent) {
    const auto& value = std::get<wire::Store>(sent.message).record.value;
    repaired.emplace_back(sent.to, *value->as_bytes());
  }
  std::sort(repaired.begin(), repaired.end());
  const ContactRef first = host.requests[0].to;
  const ContactRef third = host.requests[2].to;
  std::vector<std::pair<ContactRef, std::string>> wanted = {
      {first, "new"}, {first, "other"}, {third, "other"}};
  std::sort(wanted.begin(), wanted.end());
  EXPECT_EQ(repaired, wanted);
}

TEST_F(RecordExchange, AQuorumThatThereIsNotCostsNoValue) {
  protocol.quorum = 3;
  Find find;
  find_at_two(find);
  host.answer(0, reply({signed_record(kKey, "text", 7)}));
  host.answer(1, wire::FindValueReply{ContactList{}});
  EXPECT_EQ(texts(find.result), Texts{"text"});
}

TEST_F(RecordExchange, AForgedAnswerDoesNotEndTheSearch) {
  protocol.alpha = 1;
  Find find;
  Node& node = find_at_two(find);
  wire::Record forged = signed_record(kKey, "text", 7);
  forged.value = text("forged");
  host.answer(0, reply({forged}));
  EXPECT_EQ(find.times, 0);
  host.answer(1, reply({signed_record(kKey, "text", 6)}));
  EXPECT_EQ(texts(find.result), Texts{"text"});
  EXPECT_EQ(node.storage().counts().forged, 1U);
}

TEST_F(RecordExchange, AWithdrawnRecordIsReturnedByNobodyWhoHasHeardOfIt) {
  protocol.quorum = 2;
  Node& node = start_far();
  for (const std::uint64_t number : {1U, 2U}) node.add_contact(contact(number));
  host.tell(contact(1), wire::Store{kKey, signed_record(kKey, "x", 7)});
  EXPECT_TRUE(answers_a_value());
  host.tell(contact(1), wire::Store{kKey, signed_record(kKey, "x", 8, 0, true)});
  EXPECT_FALSE(answers_a_value());
  ASSERT_EQ(answer().withdrawn.size(), 1U);
  EXPECT_TRUE(answer().withdrawn[0].withdrawn);
  // Nor by a reader that hears both from others.
  Find find;
  FindOptions network_only;
  network_only.local = false;
  node.find_value(kKey, network_only, find.done());
  host.answer(0, reply({signed_record(kKey, "x", 7)}));
  wire::FindValueReply gone{ContactList{}};
  gone.withdrawn.push_back(signed_record(kKey, "x", 8, 0, true));
  host.answer(1, std::move(gone));
  host.answer(2, wire::FindValueReply{ContactList{}});  // 9, which has asked
  EXPECT_EQ(find.times, 1);
  EXPECT_TRUE(find.result.values.empty());
}

TEST_F(RecordExchange, WithdrawalIsANewVersionAndEndsThePublication) {
  Node& node = start_far();
  node.add_contact(contact(1));
  Store store;
  node.store(kKey, text("x"), {true}, store.done());
  host.answer(0, wire::FindNodeReply{});
  node.withdraw(kKey, store.done());
  host.answer(1, wire::FindNodeReply{});
  EXPECT_EQ(store.times, 2);
  EXPECT_TRUE(store.result.stored);
  const auto& first = std::get<wire::Store>(host.sent.at(0).message).record;
  const auto& second = std::get<wire::Store>(host.sent.at(1).message).record;
  EXPECT_FALSE(first.withdrawn);
  EXPECT_TRUE(second.withdrawn);
  EXPECT_GT(second.proof->sequence, first.proof->sequence);
  EXPECT_EQ(*second.value, *first.value);  // Macula 0.8 reads the value once more
  EXPECT_EQ(node.storage().publications().size(), 0U);
  node.withdraw(kKey, store.done());
  EXPECT_FALSE(store.result.stored);
}

TEST_F(RecordExchange, OfProviderRecordsTheProvenOneCounts) {
  Node& node = start_far();
  node.add_contact(contact(1));
  const NodeId provider = id_of_key(owner_key(0).public_key());
  const auto record = [&](std::uint32_t address, int owner) {
    const Contact at{provider, make_ipv4(address, 9), std::nullopt};
    wire::Record made{make_provider_record(at, host.now(), protocol.ttl)};
    made.lifetime_ms = made.ttl_ms = 300'000;
    if (owner >= 0) sign_record(kKey, made, 1, owner_key(owner));
    return made;
  };
  Find find;
  FindOptions network_only;
  network_only.local = false;
  node.find_value(kKey, network_only, find.done());
  host.answer(0, reply({record(1, -1), record(2, 1), record(3, 0)}));
  ASSERT_EQ(find.result.values.size(), 1U);
  EXPECT_EQ(provider_contact(*find.result.values[0])->endpoint, make_ipv4(3, 9));
}

TEST_F(RecordExchange, ADiscoveryMergesTheOwnAnswerWithThatOfOthers) {
  Node& node = start_far();
  node.add_contact(contact(1));
  Store store;
  node.advertise("calc.add", store.done());
  host.answer(0, wire::FindNodeReply{});
  Find find;
  node.discover("calc.add", find.done());
  ASSERT_EQ(find.times, 0);
  host.answer(1, reply({{provider_record(7)}}));
  EXPECT_EQ(find.result.values.size(), 2U);
  // With nobody to ask there is still the own answer.
  node.discover("calc.add", find.done());
  host.fail(2, Failure::timeout);
  EXPECT_EQ(find.result.values.size(), 1U);
}

TEST_F(RecordExchange, WhoeverIsNoHolderAnyMoreIsAnswerButNotTheLastWord) {
  protocol.k = 2;
  Node& node = start_far();
  host.tell(contact(1), wire::Store{kKey, unsigned_record("x")});
  for (const std::uint64_t number : {1U, 2U}) node.add_contact(contact(number));
  const wire::FindValueReply& reply = answer();
  EXPECT_TRUE(reply.outside);
  ASSERT_TRUE(reply.closer != nullptr);
  EXPECT_EQ(reply.closer->size(), 2U);
  // A reader goes on, and takes a holder's word; without one it takes what there is.
  for (const bool holder_answers : {true, false}) {
    Node& reader = start_far();
    reader.add_contact(contact(5));
    Find find;
    reader.find_value(kKey, {}, find.done());
    wire::FindValueReply outside{
        std::vector<wire::Record>{unsigned_record("old", 300'000, 60'000)}};
    outside.outside = true;
    outside.closer = std::make_unique<ContactList>(list_of({contact(1)}));
    host.answer(host.last_request(), std::move(outside));
    EXPECT_EQ(find.times, 0);
    ASSERT_EQ(host.requests.back().to, contact(1));
    if (holder_answers) {
      host.answer(host.last_request(),
                  wire::FindValueReply{std::vector<wire::Record>{unsigned_record("new")}});
    } else {
      host.fail(host.last_request(), Failure::timeout);
    }
    EXPECT_EQ(texts(find.result), Texts{holder_answers ? "new" : "old"});
  }
}

}  // namespace
}  // namespace macula::dht
