#include <limits>

#include "dht/wire/codec.h"
#include "dht/wire/field_reader.h"

namespace macula::dht::wire {
namespace {

constexpr std::uint64_t kMax32 = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint64_t kMax64 = std::numeric_limits<std::uint64_t>::max();

std::uint8_t read_qos(FieldReader& in) {
  return static_cast<std::uint8_t>(in.integer("qos", 2));
}

std::uint32_t read_hops(FieldReader& in, std::string_view key) {
  return static_cast<std::uint32_t>(in.integer(key, kMax32));
}

Connect read_connect(FieldReader& in) {
  return {in.bytes("version"), in.id("node_id"), in.id("realm_id"), in.texts("capabilities"),
          in.optional_bytes("endpoint")};
}

Publish read_publish(FieldReader& in) {
  return {in.bytes("topic"), in.bytes("payload"), read_qos(in), in.boolean("retain"),
          in.call_id("message_id")};
}

Call read_call(FieldReader& in) {
  return {in.bytes("procedure"), in.bytes("args"), in.call_id("call_id"),
          in.optional_integer("timeout")};
}

Reply read_reply(FieldReader& in) {
  Reply reply{in.call_id("call_id"), {}};
  if (in.has("result") == in.has("error")) {
    in.refuse("result", "there, or \"error\", and not both");
  } else if (in.has("result")) {
    reply.outcome = in.bytes("result");
  } else if (const Value* error = in.map("error")) {
    const Value* code = error->find("code");
    const Value* message = error->find("message");
    const bool good = code != nullptr && message != nullptr && code->as_bytes() != nullptr &&
                      message->as_bytes() != nullptr;
    if (!good) in.refuse("error", "a map with the texts \"code\" and \"message\"");
    if (good) reply.outcome = CallError{*code->as_bytes(), *message->as_bytes()};
  }
  return reply;
}

PubsubRoute read_pubsub_route(FieldReader& in) {
  PubsubRoute route{
      in.id("destination_node_id"), in.id("source_node_id"), read_hops(in, "hop_count"),
      read_hops(in, "max_hops"),    in.bytes("topic"),       std::make_unique<Publish>()};
  if (const Value* payload = in.map("payload")) {
    FieldReader inner("pubsub_route: publish", *payload);
    *route.payload = read_publish(inner);
    in.adopt_error(inner);
  }
  return route;
}

RpcRoute read_rpc_route(FieldReader& in) {
  RpcRoute route{in.id("destination_node_id"), in.id("source_node_id"), read_hops(in, "hop_count"),
                 read_hops(in, "max_hops"), std::make_unique<std::variant<Call, Reply>>()};
  const Bytes name = in.bytes("payload_type");
  if (name != "call" && name != "reply") in.refuse("payload_type", "\"call\" or \"reply\"");
  if (const Value* payload = in.map("payload")) {
    FieldReader inner("rpc_route: " + name, *payload);
    if (name == "call") {
      *route.payload = read_call(inner);
    } else {
      *route.payload = read_reply(inner);
    }
    in.adopt_error(inner);
  }
  return route;
}

ContactList read_nodes(FieldReader& in, ContactBook& book) {
  const std::vector<Contact> contacts = in.nodes("nodes");
  ContactList nodes;
  if (in.error()) return nodes;  // a refused message leaves nothing behind in the book
  for (const Contact& contact : contacts) {
    if (const auto ref = book.intern(contact)) nodes.push_back(*ref);
  }
  return nodes;
}

// The fields told of a record beside its value, if there are any.
void read_told(FieldReader& in, Record& record) {
  if (!in.has("lifetime")) return;
  record.lifetime_ms = in.integer("lifetime", kLongestLifetimeMs);
  record.ttl_ms = in.integer("ttl", record.lifetime_ms);
  if (in.has("since")) record.since_ms = in.integer("since", kLongestLifetimeMs);
  if (record.lifetime_ms == 0) in.refuse("lifetime", "at least 1");
  if (in.has("withdrawn")) record.withdrawn = in.boolean("withdrawn");
  if (in.has("spare")) record.spare = in.boolean("spare");
  if (in.has("writer")) {
    record.writer = in.integer("writer", kMax64);
    record.number = in.integer("number", kMax64);
    if (record.writer == 0) in.refuse("writer", "at least 1");
  }
  if (!in.has("signature")) return;
  Proof proof;
  in.fixed_bytes("owner", proof.owner);
  proof.sequence = in.integer("sequence", kMax64);
  in.fixed_bytes("signature", proof.signature);
  record.proof = std::make_shared<const Proof>(proof);
}

Record read_record(FieldReader& in) {
  Record record;
  if (const Value* value = in.any("value")) record.value = std::make_shared<const Value>(*value);
  read_told(in, record);
  return record;
}

// Their number is limited by the size of a frame.
std::vector<Record> read_records(FieldReader& in) {
  std::vector<Record> records;
  const Array* values = in.list("value", kMax64);
  const Array* told = in.has("records") ? in.list("records", kMax64) : nullptr;
  if (values == nullptr) return records;
  if (told != nullptr && told->size() != values->size()) {
    in.refuse("records", "as long as \"value\"");
    return records;
  }
  records.resize(values->size());
  for (std::size_t i = 0; i < values->size(); ++i) {
    records[i].value = std::make_shared<const Value>((*values)[i]);
    if (told == nullptr) continue;
    FieldReader inner("find_value_reply: record", (*told)[i]);
    read_told(inner, records[i]);
    in.adopt_error(inner);
  }
  return records;
}

// Each a map of its own.
std::vector<Record> read_list(FieldReader& in, std::string_view key, const std::string& where) {
  std::vector<Record> records;
  if (const Array* list = in.list(key, kMax64)) {
    for (const Value& value : *list) {
      FieldReader inner(where, value);
      records.push_back(read_record(inner));
      in.adopt_error(inner);
    }
  }
  return records;
}

FindValueReply read_find_value_reply(FieldReader& in, ContactBook& book) {
  FindValueReply reply;
  if (in.has("copy")) reply.copy = in.boolean("copy");
  if (in.has("withdrawn")) {
    reply.withdrawn = read_list(in, "withdrawn", "find_value_reply: withdrawn");
  }
  const Bytes result = in.bytes("result");
  if (result == "nodes") {
    reply.result = read_nodes(in, book);
  } else if (result == "value") {
    reply.result = read_records(in);
    if (in.has("outside")) reply.outside = in.boolean("outside");
    if (in.has("nodes")) reply.closer = std::make_unique<ContactList>(read_nodes(in, book));
  } else {
    in.refuse("result", "\"value\" or \"nodes\"");
  }
  return reply;
}

std::unique_ptr<Relay> read_relay(FieldReader& in, ContactBook& book) {
  auto relay = std::make_unique<Relay>();
  relay->destination = in.id("destination_node_id");
  relay->source = in.id("source_node_id");
  const std::optional<Contact> sender = in.optional_node("sender");
  const auto type = type_from_name(in.bytes("payload_type"));
  if (!type || *type == Type::relay) {
    in.refuse("payload_type", "the name of a message other than relay");
  }
  const Value* payload = in.map("payload");
  if (payload == nullptr) return relay;
  auto message = decode(*type, *payload, book);
  if (!message) {
    in.fail(message.error().reason);
    return relay;
  }
  relay->payload = std::move(*message);
  if (sender) relay->sender = book.intern(*sender).value_or(kNoContact);
  return relay;
}

Message read(Type type, FieldReader& in, ContactBook& book) {
  switch (type) {
    case Type::connect:
      return read_connect(in);
    case Type::disconnect:
      return Disconnect{in.bytes("reason"), in.bytes("message")};
    case Type::ping:
      return Ping{in.integer("timestamp", kMax64)};
    case Type::pong:
      return Pong{in.integer("timestamp", kMax64), in.integer("server_time", kMax64)};
    case Type::publish:
      return read_publish(in);
    case Type::subscribe:
      return Subscribe{in.texts("topics"), read_qos(in)};
    case Type::unsubscribe:
      return Unsubscribe{in.texts("topics")};
    case Type::pubsub_route:
      return read_pubsub_route(in);
    case Type::call:
      return read_call(in);
    case Type::reply:
      return read_reply(in);
    case Type::cast:
      return Cast{in.bytes("procedure"), in.bytes("args")};
    case Type::rpc_route:
      return read_rpc_route(in);
    case Type::relay:
      return read_relay(in, book);
    case Type::store_refused: {
      const Key key = in.id("key");
      return StoreRefused{key, in.bytes("reason")};
    }
    case Type::leave_copy: {
      const Key key = in.id("key");
      const std::uint64_t keep_ms = in.integer("keep", kLongestLifetimeMs);
      return LeaveCopy{key, keep_ms, read_list(in, "records", "leave_copy: record")};
    }
    default:
      break;
  }
  // The messages of the DHT say their type in the payload, too.
  in.expect_type(type);
  switch (type) {
    case Type::find_node:
      return FindNode{in.id("target")};
    case Type::find_node_reply:
      return FindNodeReply{read_nodes(in, book)};
    case Type::store: {
      const Key key = in.id("key");
      return Store{key, read_record(in)};
    }
    case Type::find_value:
      return FindValue{in.id("key")};
    case Type::find_value_reply:
      return read_find_value_reply(in, book);
    default:
      in.fail("reserved, and never a valid message");
      return Ping{};
  }
}

}  // namespace

tl::expected<Message, InvalidMessage> decode(Type type, const Value& payload, ContactBook& book) {
  FieldReader in(std::string(type_name(type)), payload);
  Message message = read(type, in, book);
  if (in.error()) return tl::make_unexpected(InvalidMessage{*in.error()});
  return message;
}

}  // namespace macula::dht::wire
