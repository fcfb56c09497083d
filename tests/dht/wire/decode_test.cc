// Payloads that are a message of their type, and what is said of those that are none.
#include <gtest/gtest.h>

#include "dht/wire/codec.h"

namespace macula::dht::wire {
namespace {

const Bytes kId(32, 'i');
const Bytes kCallId(16, 'c');

Value number(std::uint64_t n) {
  return {n};
}

Value text(Bytes bytes) {
  return {std::move(bytes)};
}

Value map(Map entries) {
  return make_map(std::move(entries));
}

Value node(Bytes endpoint, const char* key = "endpoint") {
  return map({{"node_id", text(kId)}, {key, text(std::move(endpoint))}});
}

Value nodes(Array elements) {
  return map({{"nodes", {std::move(elements)}}});
}

std::string reason(Type type, const Value& payload) {
  ContactBook book;
  const auto message = decode(type, payload, book);
  EXPECT_EQ(book.size(), 0u) << "a refused message leaves contacts behind";
  return message ? "accepted" : message.error().reason;
}

TEST(Decode, IgnoresKeysThatItDoesNotKnow) {
  ContactBook book;
  const Value payload = map({{"target", text(kId)}, {"zeal", number(1)}});
  EXPECT_TRUE(decode(Type::find_node, payload, book));
}

TEST(Decode, TakesRequestsWithAndWithoutTheirType) {
  EXPECT_EQ(reason(Type::find_value, map({{"key", text(kId)}})), "accepted");
  EXPECT_EQ(reason(Type::find_value, map({{"key", text(kId)}, {"type", text("find_value")}})),
            "accepted");
  EXPECT_EQ(reason(Type::find_value, map({{"key", text(kId)}, {"type", text("find_node")}})),
            R"(find_value: "type" must be "find_value")");
  EXPECT_EQ(reason(Type::store, map({{"key", text(kId)}, {"type", number(1)}, {"value", {}}})),
            R"(store: "type" must be "store")");
}

TEST(Decode, SaysWhichFieldIsWrong) {
  EXPECT_EQ(reason(Type::find_node, map({})), R"(find_node: "target" is missing)");
  EXPECT_EQ(reason(Type::find_node, map({{"target", text("short")}})),
            R"(find_node: "target" must be 32 bytes)");
  EXPECT_EQ(reason(Type::find_node, map({{"target", number(1)}})),
            R"(find_node: "target" must be 32 bytes)");
  EXPECT_EQ(reason(Type::ping, map({{"timestamp", make_integer(-1)}})),
            R"(ping: "timestamp" must be an integer from 0 to 18446744073709551615)");
  EXPECT_EQ(reason(Type::ping, map({{"timestamp", {1.0}}})),
            R"(ping: "timestamp" must be an integer from 0 to 18446744073709551615)");
  EXPECT_EQ(reason(Type::subscribe, map({{"topics", {Array{}}}, {"qos", number(3)}})),
            R"(subscribe: "qos" must be an integer from 0 to 2)");
  EXPECT_EQ(reason(Type::subscribe, map({{"topics", {Array{number(1)}}}, {"qos", number(0)}})),
            R"(subscribe: "topics" must be a list of texts)");
  EXPECT_EQ(reason(Type::unsubscribe, map({{"topics", text("a")}})),
            R"(unsubscribe: "topics" must be a list)");
  EXPECT_EQ(reason(Type::disconnect, map({{"reason", number(1)}, {"message", text("")}})),
            R"(disconnect: "reason" must be bytes)");
  EXPECT_EQ(reason(Type::store, map({{"key", text(kId)}})), R"(store: "value" is missing)");
}

TEST(Decode, ReservedTypesAreNeverMessages) {
  for (const Type type : {Type::swim_ping, Type::swim_ack, Type::swim_ping_req}) {
    EXPECT_EQ(reason(type, map({})),
              std::string(type_name(type)) + ": reserved, and never a valid message");
  }
}

TEST(Decode, OptionalFieldsMayBeNil) {
  ContactBook book;
  const auto call = decode(Type::call,
                           map({{"procedure", text("p")},
                                {"args", text("")},
                                {"call_id", text(kCallId)},
                                {"timeout", {}}}),
                           book);
  ASSERT_TRUE(call) << call.error().reason;
  EXPECT_FALSE(std::get<Call>(*call).timeout_ms);
}

TEST(Decode, AReplyHasEitherAResultOrAnError) {
  const Entry id{"call_id", text(kCallId)};
  const Entry result{"result", text("5")};
  const Entry error{"error", map({{"code", text("c")}, {"message", text("m")}})};
  EXPECT_EQ(reason(Type::reply, map({id, result})), "accepted");
  EXPECT_EQ(reason(Type::reply, map({id, error})), "accepted");
  const char* either = R"(reply: "result" must be there, or "error", and not both)";
  EXPECT_EQ(reason(Type::reply, map({id})), either);
  EXPECT_EQ(reason(Type::reply, map({id, result, error})), either);
  EXPECT_EQ(reason(Type::reply, map({id, {"error", map({{"code", text("c")}})}})),
            R"(reply: "error" must be a map with the texts "code" and "message")");
}

TEST(Decode, LeavesOutNodesThatCannotBeReached) {
  ContactBook book;
  const Value unnamed = map({{"node_id", text(kId)}});
  const auto reply = decode(Type::find_node_reply,
                            nodes({node("nowhere"), node("1.2.3.4:0"), unnamed,
                                   node("https://1.2.3.4:5"), node("1.2.3.4:6", "address")}),
                            book);
  ASSERT_TRUE(reply) << reply.error().reason;
  const ContactList& list = std::get<FindNodeReply>(*reply).nodes;
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(format_endpoint(book.endpoint(list[0])), "1.2.3.4:5");
  EXPECT_EQ(format_endpoint(book.endpoint(list[1])), "1.2.3.4:6");
}

TEST(Decode, LeavesOutNodesThatDoNotFitTheBook) {
  ContactBook book(1);
  const auto reply =
      decode(Type::find_node_reply, nodes({node("1.2.3.4:5"), node("1.2.3.4:6")}), book);
  ASSERT_TRUE(reply);
  EXPECT_EQ(std::get<FindNodeReply>(*reply).nodes.size(), 1u);
}

TEST(Decode, RefusesNodesThatAreMalformed) {
  const Value good = node("1.2.3.4:5");
  EXPECT_EQ(reason(Type::find_node_reply, nodes({good, number(1)})),
            R"(find_node_reply: a node of "nodes": the payload must be a map)");
  EXPECT_EQ(reason(Type::find_node_reply, nodes({good, map({{"node_id", text("x")}})})),
            R"(find_node_reply: a node of "nodes": "node_id" must be 32 bytes)");
  const Value relayed =
      map({{"node_id", text(kId)}, {"endpoint", text("1.2.3.4:5")}, {"relay", text("gateway")}});
  EXPECT_EQ(reason(Type::find_node_reply, nodes({good, relayed})),
            R"(find_node_reply: a node of "nodes": "relay" must be 32 bytes)");
  EXPECT_EQ(reason(Type::find_node_reply, nodes(Array(1025, good))),
            R"(find_node_reply: "nodes" must be a list of at most 1024 elements)");
}

TEST(Decode, AFindValueReplyHoldsWhatItsResultSays) {
  ContactBook book;
  const auto both = decode(Type::find_value_reply,
                           map({{"result", text("value")},
                                {"value", {Array{number(7)}}},
                                {"nodes", {Array{node("1.2.3.4:5")}}}}),
                           book);
  ASSERT_TRUE(both) << both.error().reason;
  const auto& providers = std::get<std::vector<Record>>(std::get<FindValueReply>(*both).result);
  ASSERT_EQ(providers.size(), 1u);
  EXPECT_EQ(*providers[0].value, number(7));
  EXPECT_EQ(reason(Type::find_value_reply, map({{"result", text("values")}})),
            R"(find_value_reply: "result" must be "value" or "nodes")");
  EXPECT_EQ(reason(Type::find_value_reply, map({{"result", text("nodes")}})),
            R"(find_value_reply: "nodes" is missing)");
}

TEST(Decode, WhatIsToldOfARecordMustMakeSense) {
  ContactBook book;
  const auto store = [](Map told) {
    told.push_back({"key", text(kId)});
    told.push_back({"value", number(7)});
    return make_map(std::move(told));
  };
  const Bytes key(32, 'k');
  const Bytes signature(64, 's');
  const auto plain = decode(Type::store, store({{"ttl", number(5)}, {"owner", text(key)}}), book);
  ASSERT_TRUE(plain);  // as of another extension: no lifetime, so nothing is told
  EXPECT_EQ(std::get<Store>(*plain).record.proof, nullptr);
  EXPECT_EQ(std::get<Store>(*plain).record.ttl_ms, 0u);
  const auto whole = decode(Type::store,
                            store({{"lifetime", number(9)},
                                   {"ttl", number(5)},
                                   {"owner", text(key)},
                                   {"sequence", number(3)},
                                   {"signature", text(signature)},
                                   {"withdrawn", {true}}}),
                            book);
  ASSERT_TRUE(whole) << whole.error().reason;
  const Record& record = std::get<Store>(*whole).record;
  EXPECT_EQ(record.lifetime_ms, 9u);
  EXPECT_EQ(record.ttl_ms, 5u);
  EXPECT_TRUE(record.withdrawn);
  ASSERT_NE(record.proof, nullptr);
  EXPECT_EQ(record.proof->sequence, 3u);
  EXPECT_EQ(reason(Type::store, store({{"lifetime", number(9)}, {"ttl", number(10)}})),
            R"(store: "ttl" must be an integer from 0 to 9)");
  EXPECT_EQ(reason(Type::store, store({{"lifetime", number(0)}, {"ttl", number(0)}})),
            R"(store: "lifetime" must be at least 1)");
  EXPECT_EQ(reason(Type::store,
                   store({{"lifetime", number(9)}, {"ttl", number(5)}, {"signature", text(key)}})),
            R"(store: "owner" is missing)");
  EXPECT_EQ(
      reason(
          Type::find_value_reply,
          map({{"result", text("value")}, {"value", {Array{number(7)}}}, {"records", {Array{}}}})),
      R"(find_value_reply: "records" must be as long as "value")");
}

Value route(Bytes type, Value payload) {
  return map({{"destination_node_id", text(kId)},
              {"source_node_id", text(kId)},
              {"hop_count", number(0)},
              {"max_hops", number(10)},
              {"payload_type", text(std::move(type))},
              {"payload", std::move(payload)}});
}

TEST(Decode, JudgesTheMessageInsideARoute) {
  EXPECT_EQ(reason(Type::rpc_route, route("cast", map({}))),
            R"(rpc_route: "payload_type" must be "call" or "reply")");
  EXPECT_EQ(reason(Type::rpc_route, route("call", map({}))),
            R"(rpc_route: call: "procedure" is missing)");
  EXPECT_EQ(reason(Type::rpc_route, route("reply", number(1))),
            R"(rpc_route: "payload" must be a map)");
  Value far = route("call", map({}));
  std::get<Map>(far.data)[1].value = number(std::uint64_t{1} << 32);
  EXPECT_EQ(reason(Type::rpc_route, far),
            R"(rpc_route: "hop_count" must be an integer from 0 to 4294967295)");
}

Value relay(Bytes type, Value payload) {
  return map({{"destination_node_id", text(kId)},
              {"source_node_id", text(kId)},
              {"payload_type", text(std::move(type))},
              {"payload", std::move(payload)}});
}

TEST(Decode, JudgesTheMessageInsideARelay) {
  EXPECT_EQ(reason(Type::relay, relay("ping", map({{"timestamp", number(1)}}))), "accepted");
  EXPECT_EQ(reason(Type::relay, relay("find_node", map({}))),
            R"(relay: find_node: "target" is missing)");
  EXPECT_EQ(reason(Type::relay, relay("swim_ping", map({}))),
            "relay: swim_ping: reserved, and never a valid message");
  const char* other = R"(relay: "payload_type" must be the name of a message other than relay)";
  EXPECT_EQ(reason(Type::relay, relay("relay", relay("ping", map({})))), other);
  EXPECT_EQ(reason(Type::relay, relay("gossip", map({}))), other);
}

}  // namespace
}  // namespace macula::dht::wire
