#include "tests/dht/wire/vectors.h"

#include <gtest/gtest.h>

#include "dht/wire/codec.h"
#include "dht/wire/frame.h"

namespace macula::dht::wire {
namespace {

std::string outcome_of(const std::string& bytes) {
  const auto decoded = decode_frame(bytes);
  if (decoded) return "ok:" + std::string(type_name(decoded->frame.type));
  const FrameError& error = decoded.error();
  std::string outcome = "error:" + std::string(frame_fault_name(error.fault));
  const bool has_value =
      error.fault == FrameFault::unknown_type || error.fault == FrameFault::unsupported_version;
  return has_value ? outcome + ':' + std::to_string(error.value) : outcome;
}

TEST(WireVectors, AreThere) {
  EXPECT_EQ(read_vectors().size(), 37u);
}

TEST(WireVectors, DecodeToTheStatedOutcome) {
  for (const Vector& vector : read_vectors()) {
    const std::string outcome = outcome_of(vector.frame);
    if (vector.is_refused()) {
      EXPECT_EQ(outcome, vector.expected) << vector.name;
    } else if (vector.is_original()) {
      EXPECT_EQ(outcome, "ok:" + vector.type) << vector.name;
    } else {
      EXPECT_EQ(vector.expected.rfind(outcome + ':', 0), 0u) << vector.name << ": " << outcome;
    }
  }
}

TEST(WireVectors, OfTheOriginalEncoderAreEncodedToTheSameBytes) {
  for (const Vector& vector : read_vectors()) {
    if (!vector.is_original()) continue;
    const auto decoded = decode_frame(vector.frame);
    ASSERT_TRUE(decoded) << vector.name;
    EXPECT_EQ(decoded->size, vector.frame.size()) << vector.name;
    EXPECT_EQ(to_hex(encode_frame(decoded->frame.type, decoded->frame.payload)),
              to_hex(vector.frame))
        << vector.name;
  }
}

TEST(WireVectors, OfTheOriginalEncoderAreValidMessages) {
  for (const Vector& vector : read_vectors()) {
    if (!vector.is_original()) continue;
    ContactBook book;
    const auto decoded = decode_frame(vector.frame);
    ASSERT_TRUE(decoded) << vector.name;
    const auto message = decode(decoded->frame.type, decoded->frame.payload, book);
    ASSERT_TRUE(message) << vector.name << ": " << message.error().reason;
    EXPECT_EQ(type_name(type_of(*message)), vector.type);
    // Nodes are read under both names of their endpoint, and sent under one, without the rest.
    const bool has_nodes = book.size() != 0;
    if (!has_nodes) {
      EXPECT_EQ(to_hex(encode(*message, book)), to_hex(vector.frame)) << vector.name;
    }
  }
}

TEST(WireVectors, EveryShortenedFrameIsRefused) {
  for (const Vector& vector : read_vectors()) {
    if (!vector.is_original()) continue;
    for (std::size_t size = 0; size < vector.frame.size(); ++size) {
      const auto decoded = decode_frame(vector.frame.substr(0, size));
      ASSERT_FALSE(decoded) << vector.name << " cut to " << size;
      EXPECT_EQ(decoded.error().fault,
                size < kFrameHeader ? FrameFault::invalid_header : FrameFault::incomplete_payload);
    }
  }
}

// Reads the message of the named vector.
Message message_of(std::string_view name, ContactBook& book) {
  for (const Vector& vector : read_vectors()) {
    if (vector.name != name) continue;
    const auto decoded = decode_frame(vector.frame);
    auto message = decode(decoded->frame.type, decoded->frame.payload, book);
    if (message) return std::move(*message);
  }
  ADD_FAILURE() << "no message " << name;
  return Ping{};
}

TEST(WireVectors, NodesAreReadUnderBothNamesOfTheirEndpoint) {
  ContactBook book;
  const Message gateway = message_of("find_node_reply_1", book);
  const Message edge = message_of("find_node_reply_endpoint_key", book);
  const Contact contacts[] = {
      {hash_id("gateway"), *parse_endpoint("172.21.0.20:9443"), std::nullopt},
      {hash_id("edge3"), *parse_endpoint("172.21.0.33:9443"), std::nullopt}};
  EXPECT_EQ(book.contact(std::get<FindNodeReply>(gateway).nodes[0]), contacts[0]);
  EXPECT_EQ(book.contact(std::get<FindNodeReply>(edge).nodes[0]), contacts[1]);
}

TEST(WireVectors, ContentReachesTheFields) {
  ContactBook book;
  const Message call = message_of("call", book);
  EXPECT_EQ(std::get<Call>(call).procedure, "test.calculator.add");
  EXPECT_EQ(std::get<Call>(call).args, R"({"a":2,"b":3})");
  EXPECT_EQ(std::get<Call>(call).timeout_ms, 5000u);
  EXPECT_EQ(std::get<Call>(call).call_id.back(), 1);
  EXPECT_FALSE(std::get<Call>(message_of("call_no_timeout", book)).timeout_ms);

  const Message failed = message_of("reply_error", book);
  EXPECT_EQ(std::get<CallError>(std::get<Reply>(failed).outcome).code, "not_found");

  const Message route = message_of("rpc_route_reply", book);
  EXPECT_EQ(std::get<RpcRoute>(route).destination, hash_id("edge2"));
  EXPECT_EQ(std::get<RpcRoute>(route).source, hash_id("edge3"));
  EXPECT_EQ(std::get<Bytes>(std::get<Reply>(*std::get<RpcRoute>(route).payload).outcome), "5");

  const Message store = message_of("store_int_list", book);
  const Array numbers = {{std::uint64_t{1}},     {std::uint64_t{2}},    {std::uint64_t{300}},
                         {std::uint64_t{70000}}, {std::int64_t{-1}},    {std::int64_t{-33}},
                         {std::int64_t{-129}},   {std::int64_t{-40000}}};
  EXPECT_EQ(*std::get<Store>(store).record.value, Value{numbers});

  const Message none = message_of("find_value_reply_no_providers", book);
  EXPECT_TRUE(std::get<std::vector<Record>>(std::get<FindValueReply>(none).result).empty());
}

TEST(WireVectors, APayloadThatIsNoMapIsAFrameAndNoMessage) {
  ContactBook book;
  const auto decoded = decode_frame(*from_hex("014000000000000107"));
  ASSERT_TRUE(decoded);
  const auto message = decode(decoded->frame.type, decoded->frame.payload, book);
  ASSERT_FALSE(message);
  EXPECT_EQ(message.error().reason, "find_node: the payload must be a map");
}

}  // namespace
}  // namespace macula::dht::wire
