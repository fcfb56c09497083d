// The harm that one lying or greedy node may do to the finds of others, and to calls.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "dht/wire/codec.h"
#include "dht/wire/frame.h"
#include "tests/dht/cpu_time.h"
#include "tests/dht/node/record_exchange.h"

namespace macula::dht {
namespace {

using namespace std::chrono_literals;
using Records = std::vector<wire::Record>;
using Call = Kept<CallResult>;

class HostileAnswers : public RecordExchange {
 protected:
  wire::Record provider(std::uint64_t number, int owner) {
    wire::Record made{provider_record(number)};
    made.lifetime_ms = made.ttl_ms = 300'000;
    if (owner >= 0) sign_record(service_key("calc.add"), made, 1, owner_key(owner));
    return made;
  }
  static wire::CallError error(const std::string& code) { return {code, "for a reason"}; }
  // As a call that found these providers.
  Node& call_providers(const std::vector<std::uint64_t>& numbers, Call& call) {
    Node& node = start_far();
    node.add_contact(contact(1));
    CallRequest request;
    request.procedure = "calc.add";
    request.args = "{}";
    node.call(std::move(request), call.done());
    Records records;
    for (const std::uint64_t number : numbers) records.push_back(provider(number, 0));
    host.answer(0, reply(std::move(records)));
    return node;
  }
  void answer_call(std::variant<wire::Bytes, wire::CallError> outcome) {
    const auto& asked = sent_as<wire::Call>(host.last_request());
    host.answer(host.last_request(), wire::Reply{asked.call_id, std::move(outcome)});
  }
};

// ----- an answer holds what fits -----

TEST_F(HostileAnswers, ASignedRecordIsFoundWhateverElseLiesUnderItsKey) {
  Node& node = start_far();
  host.tell(contact(1), wire::Store{kKey, signed_record(kKey, "signed", 1)});
  for (std::uint64_t i = 0; i < 3; ++i) {
    wire::Record large = unsigned_record("");
    large.value = std::make_shared<const wire::Value>(wire::make_map(
        {{"node_id", {id_to_bytes(numbered_id(i))}}, {"x", {std::string(400'000, 'x')}}}));
    host.tell(contact(2 + i), wire::Store{kKey, large});
  }
  ASSERT_EQ(node.records().entries(), 4U);
  const InboundId id = host.ask(contact(9), wire::FindValue{kKey});
  const auto& records = std::get<Records>(replied_as<wire::FindValueReply>(id).result);
  EXPECT_EQ(records.size(), 3U);
  EXPECT_TRUE(records.front().proof != nullptr);
  const std::size_t size = wire::encoded_size(*host.reply_to(id), book);
  EXPECT_LE(size, wire::kFrameHeader + wire::kMaxPayload);
}

TEST_F(HostileAnswers, AnAnswerNeverHoldsMoreValuesThanAreRead) {
  start_far();
  for (std::uint64_t i = 0; i < 60; ++i) {
    wire::Record many = unsigned_record("");
    many.value = std::make_shared<const wire::Value>(
        wire::make_map({{"node_id", {id_to_bytes(numbered_id(i))}}, {"x", {wire::Array(9000)}}}));
    host.tell(contact(2 + i), wire::Store{kKey, many});
  }
  const InboundId id = host.ask(contact(0x999), wire::FindValue{kKey});
  const std::string frame = wire::encode(*host.reply_to(id), book);
  const auto decoded = wire::decode_frame(frame);
  ASSERT_TRUE(decoded.has_value());
  EXPECT_TRUE(wire::decode(decoded->frame.type, decoded->frame.payload, book).has_value());
}

// To find them and to write them, each the least time of many rounds.
TEST_F(HostileAnswers, AFindCostsWhatItReturns) {
  struct Cost {
    double find_us = 1e9;
    double write_us = 1e9;
    std::size_t returned = 0;
  };
  const auto cost_of = [&](const wire::Value& content, std::uint64_t entries) {
    start_far();
    for (std::uint64_t i = 0; i < entries; ++i) {
      wire::Record record = unsigned_record("");
      record.value = std::make_shared<const wire::Value>(
          wire::make_map({{"node_id", {id_to_bytes(numbered_id(i))}}, {"x", content}}));
      host.tell(contact(2 + i), wire::Store{kKey, record});
    }
    Cost cost;
    InboundId last{};
    for (int round = 0; round < 10; ++round) {
      const double begin = cpu_us();
      last = host.ask(contact(0x999), wire::FindValue{kKey});
      cost.find_us = std::min(cost.find_us, cpu_us() - begin);
    }
    for (int round = 0; round < 10; ++round) {
      const double begin = cpu_us();
      const std::string frame = wire::encode(*host.reply_to(last), book);
      cost.write_us = std::min(cost.write_us, cpu_us() - begin);
    }
    cost.returned = std::get<Records>(replied_as<wire::FindValueReply>(last).result).size();
    return cost;
  };
  const Cost half = cost_of({std::string("x")}, 64);
  ASSERT_EQ(half.returned, 64U);
  const Cost small = cost_of({std::string("x")}, 128);
  ASSERT_EQ(small.returned, 128U);
  EXPECT_LT(small.find_us, 2 * 2 * half.find_us);
  EXPECT_LT(small.write_us, 2 * 2 * half.write_us);
  // Only a few large ones are returned. Nothing looks into the others.
  const std::pair<const char*, wire::Value> contents[] = {
      {"nil", {wire::Array(5000)}},
      {"text", {std::string(20'000, 'x')}},
      {"short texts", {wire::Array(1000, wire::Value{std::string(16, 'x')})}}};
  for (const auto& [name, content] : contents) {
    const Cost large = cost_of(content, 128);
    EXPECT_LT(large.returned, 64U) << name;
    EXPECT_LT(large.find_us, 8 * small.find_us) << name;
  }
}

// ----- who is believed -----

TEST_F(HostileAnswers, AnUnsignedRecordEndsNoDiscovery) {
  Node& node = start_far();
  for (const std::uint64_t number : {1U, 2U}) node.add_contact(contact(number));
  protocol.alpha = 1;
  Find find;
  node.discover("calc.add", find.done());
  host.answer(0, reply({provider(66, -1)}));
  EXPECT_EQ(find.times, 0);
  host.answer(1, reply({provider(5, 0)}));
  ASSERT_EQ(find.times, 1);
  // The signed one comes first: calls try it first.
  ASSERT_EQ(find.result.values.size(), 2U);
  EXPECT_EQ(provider_contact(*find.result.values[0])->id, numbered_id(5));
}

TEST_F(HostileAnswers, WhereThereIsNoSignedRecordAnUnsignedOneIsFound) {
  Node& node = start_far();
  for (const std::uint64_t number : {1U, 2U}) node.add_contact(contact(number));
  Find find;
  node.discover("calc.add", find.done());
  host.answer(0, reply({provider(5, -1)}));
  EXPECT_EQ(find.times, 0);
  host.answer(1, wire::FindValueReply{ContactList{}});
  ASSERT_EQ(find.result.values.size(), 1U);
}

TEST_F(HostileAnswers, AnUnsignedRecordOfTheOwnStoreEndsNoCall) {
  Node& node = start_far();
  host.tell(contact(1), wire::Store{service_key("calc.add"), provider(66, -1)});
  Call call;
  CallRequest request;
  request.procedure = "calc.add";
  request.args = "{}";
  node.call(std::move(request), call.done());
  ASSERT_TRUE(std::holds_alternative<wire::FindValue>(host.requests.at(0).message));
}

TEST_F(HostileAnswers, ACopyIsTakenOnlyFromWhomeverWasAskedForOne) {
  Node& node = start_far();
  const auto leave = [&](std::uint64_t from) {
    wire::LeaveCopy copy{kKey, 30'000, {}};
    copy.records.push_back(unsigned_record("false"));
    host.tell(contact(from), std::move(copy));
    return node.storage().copies().size();
  };
  EXPECT_EQ(leave(66), 0U);
  EXPECT_TRUE(answer().copy);  // 9 is asked
  EXPECT_EQ(leave(66), 0U);
  host.advance(CopyRequests::kPatience);
  EXPECT_EQ(leave(9), 0U);
  EXPECT_TRUE(answer().copy);
  EXPECT_EQ(leave(9), 1U);
}

// ----- refusals -----

TEST_F(HostileAnswers, EveryRefusalGoesOnToTheNextProvider) {
  for (const char* code : {"busy", "refused", "not_found", "not_served"}) {
    host.requests.clear();
    Call call;
    call_providers({5, 6}, call);
    answer_call(error(code));
    ASSERT_EQ(call.times, 0) << code;
    answer_call(wire::Bytes("5"));
    ASSERT_EQ(call.times, 1) << code;
    EXPECT_EQ(std::get<wire::Bytes>(call.result.outcome), "5");
  }
}

TEST_F(HostileAnswers, AnAnswerToSomethingElseGoesOnToTheNextProvider) {
  Call call;
  call_providers({5, 6}, call);
  host.answer(host.last_request(), wire::Pong{1, 1});
  EXPECT_EQ(call.times, 0);
  answer_call(wire::Bytes("5"));
  EXPECT_EQ(std::get<wire::Bytes>(call.result.outcome), "5");
}

TEST_F(HostileAnswers, WhatTheProcedureAnswersEndsTheCall) {
  Call call;
  call_providers({5, 6}, call);
  answer_call(error("division_by_zero"));
  ASSERT_EQ(call.times, 1);
  EXPECT_EQ(std::get<wire::CallError>(call.result.outcome).code, "division_by_zero");
}

TEST_F(HostileAnswers, WhereAllRefuseTheLastRefusalIsTheResult) {
  Call call;
  call_providers({5, 6}, call);
  answer_call(error("busy"));
  answer_call(error("busy"));
  ASSERT_EQ(call.times, 1);
  EXPECT_EQ(std::get<wire::CallError>(call.result.outcome).code, "busy");
}

// ----- versions -----

// Its clock was set back for longer than its record lives: the holders remember that it has ended.
TEST_F(HostileAnswers, APublisherWhoseVersionHasEndedElsewhereGoesOnFromThere) {
  protocol.maintenance = true;
  Node& node = start_far();
  node.add_contact(contact(1));
  Store store;
  node.store(kKey, text("again"), {true}, store.done());
  host.answer(0, wire::FindNodeReply{});
  const auto first = std::get<wire::Store>(host.sent.at(0).message).record.proof->sequence;
  for (int i = 0; i < 20; ++i) host.tell(contact(1), wire::StoreRefused{kKey, "ended"});
  host.advance(RecordUpkeep::kSoon);
  host.answer(host.last_request(), wire::FindNodeReply{});
  const auto second = std::get<wire::Store>(host.sent.back().message).record.proof->sequence;
  EXPECT_GE(second, first + 24 * 3600 * 1000);
  EXPECT_LT(second, first + 2 * 24 * 3600 * 1000);  // once for each version
}

}  // namespace
}  // namespace macula::dht
