// Typed messages as MessagePack maps, keys sorted, written into a string or a count.
//
//   MessageWriter<Count> writer(book);
//   writer.write(message);
//   std::size_t bytes = writer.sink().size;
//
// Internal to dht/wire. Fields as of Macula v0.8; `relay` in a node, what is told of a record
// beside its value, and the messages from 48 on are extensions that disturb no v0.8 peer.
#pragma once

#include <endian.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>
#include <variant>

#include "base/check.h"
#include "dht/contact/contact_book.h"
#include "dht/wire/message.h"
#include "dht/wire/packer.h"

namespace macula::dht::wire {

template <typename Sink>
class MessageWriter {
 public:
  explicit MessageWriter(const ContactBook& book, Sink sink = Sink())
      : book_(book), out_(std::move(sink)) {}

  [[nodiscard]] Sink& sink() { return out_.sink(); }

  void write(const Message& message) {
    std::visit([this](const auto& content) { this->put(content); }, message);
  }

 private:
  void put(const Connect& m) {
    out_.map(m.endpoint ? 5 : 4);
    field("capabilities", m.capabilities);
    if (m.endpoint) field("endpoint", *m.endpoint);
    field("node_id", m.node_id);
    field("realm_id", m.realm_id);
    field("version", m.version);
  }
  void put(const Disconnect& m) {
    out_.map(2);
    field("message", m.message);
    field("reason", m.reason);
  }
  void put(const Ping& m) {
    out_.map(1);
    field("timestamp", m.timestamp);
  }
  void put(const Pong& m) {
    out_.map(2);
    field("server_time", m.server_time);
    field("timestamp", m.timestamp);
  }
  void put(const Publish& m) {
    out_.map(5);
    field("message_id", m.message_id);
    field("payload", m.payload);
    field("qos", m.qos);
    field("retain", m.retain);
    field("topic", m.topic);
  }
  void put(const Subscribe& m) {
    out_.map(2);
    field("qos", m.qos);
    field("topics", m.topics);
  }
  void put(const Unsubscribe& m) {
    out_.map(1);
    field("topics", m.topics);
  }
  void put(const PubsubRoute& m) {
    MACULA_CHECK(m.payload != nullptr);
    out_.map(6);
    field("destination_node_id", m.destination);
    field("hop_count", m.hop_count);
    field("max_hops", m.max_hops);
    out_.bytes("payload");
    put(*m.payload);
    field("source_node_id", m.source);
    field("topic", m.topic);
  }
  void put(const Call& m) {
    out_.map(m.timeout_ms ? 4 : 3);
    field("args", m.args);
    field("call_id", m.call_id);
    field("procedure", m.procedure);
    if (m.timeout_ms) field("timeout", *m.timeout_ms);
  }
  void put(const Reply& m) {
    out_.map(2);
    field("call_id", m.call_id);
    if (const auto* error = std::get_if<CallError>(&m.outcome)) {
      out_.bytes("error");
      out_.map(2);
      field("code", error->code);
      field("message", error->message);
    } else {
      field("result", std::get<Bytes>(m.outcome));
    }
  }
  void put(const Cast& m) {
    out_.map(2);
    field("args", m.args);
    field("procedure", m.procedure);
  }
  void put(const RpcRoute& m) {
    MACULA_CHECK(m.payload != nullptr);
    const bool is_call = std::holds_alternative<Call>(*m.payload);
    out_.map(6);
    field("destination_node_id", m.destination);
    field("hop_count", m.hop_count);
    field("max_hops", m.max_hops);
    out_.bytes("payload");
    std::visit([this](const auto& content) { this->put(content); }, *m.payload);
    field("payload_type", std::string_view(is_call ? "call" : "reply"));
    field("source_node_id", m.source);
  }
  void put(const FindNode& m) {
    out_.map(2);
    field("target", m.target);
    field("type", type_name(Type::find_node));
  }
  void put(const FindNodeReply& m) {
    out_.map(2);
    field("nodes", m.nodes);
    field("type", type_name(Type::find_node_reply));
  }
  void put(const Store& m) {
    const Record& record = m.record;
    out_.map(3 + told(record));
    field("key", m.key);
    put_told(record, [&] {
      field("type", type_name(Type::store));
      out_.bytes("value");
      shared(record.value);
    });
  }
  void put(const StoreRefused& m) {
    out_.map(2);
    field("key", m.key);
    field("reason", m.reason);
  }
  void put(const LeaveCopy& m) {
    out_.map(3);
    field("keep", m.keep_ms);
    field("key", m.key);
    put_list("records", m.records);
  }
  void put(const FindValue& m) {
    out_.map(2);
    field("key", m.key);
    field("type", type_name(Type::find_value));
  }
  void put(const FindValueReply& m) {
    const std::size_t extra = (m.withdrawn.empty() ? 0 : 1) + (m.copy ? 1 : 0);
    if (const auto* nodes = std::get_if<ContactList>(&m.result)) {
      out_.map(3 + extra);
      if (m.copy) field("copy", true);
      field("nodes", *nodes);
      field("result", std::string_view("nodes"));
      field("type", type_name(Type::find_value_reply));
    } else {
      put_records(std::get<std::vector<Record>>(m.result), extra, m);
    }
    if (!m.withdrawn.empty()) put_list("withdrawn", m.withdrawn);
  }
  void put_list(std::string_view key, const std::vector<Record>& records) {
    out_.bytes(key);
    out_.array(records.size());
    for (const Record& record : records) {
      out_.map(1 + told(record));
      put_told(record, [&] {
        out_.bytes("value");
        shared(record.value);
      });
    }
  }
  // The values stand where a v0.8 peer looks for them; what is told beside them, in the same order.
  void put_records(const std::vector<Record>& records, std::size_t extra,
                   const FindValueReply& reply) {
    const bool any_told = std::any_of(records.begin(), records.end(),
                                      [](const Record& record) { return told(record) != 0; });
    out_.map(3 + extra + (any_told ? 1 : 0) + (reply.closer ? 1 : 0) + (reply.outside ? 1 : 0));
    if (reply.copy) field("copy", true);
    if (reply.closer) field("nodes", *reply.closer);
    if (reply.outside) field("outside", true);
    if (any_told) {
      out_.bytes("records");
      out_.array(records.size());
      for (const Record& record : records) {
        out_.map(told(record));
        put_told(record, [] {});
      }
    }
    field("result", std::string_view("value"));
    field("type", type_name(Type::find_value_reply));
    out_.bytes("value");
    out_.array(records.size());
    for (const Record& record : records) shared(record.value);
  }

  // How many keys tell of the record beside its value.
  [[nodiscard]] static std::size_t told(const Record& record) {
    if (record.lifetime_ms == 0) return 0;
    return 2 + (record.proof ? 3 : 0) + (record.since_ms != 0 ? 1 : 0) + (record.spare ? 1 : 0) +
           (record.withdrawn ? 1 : 0) + (record.writer != 0 ? 2 : 0);
  }
  // Those keys, and between them, by order, what `rest` writes from "type" to "value".
  template <typename Rest>
  void put_told(const Record& record, Rest rest) {
    const bool tells = record.lifetime_ms != 0;
    if (tells) field("lifetime", record.lifetime_ms);
    if (tells && record.writer != 0) field("number", record.number);
    if (tells && record.proof) {
      field("owner", record.proof->owner);
      field("sequence", record.proof->sequence);
      field("signature", record.proof->signature);
    }
    if (tells && record.since_ms != 0) field("since", record.since_ms);
    if (tells && record.spare) field("spare", true);
    if (tells) field("ttl", record.ttl_ms);
    rest();
    if (tells && record.withdrawn) field("withdrawn", true);
    if (tells && record.writer != 0) field("writer", record.writer);
  }
  void put(const std::unique_ptr<Relay>& m) {
    MACULA_CHECK(m != nullptr && type_of(m->payload) != Type::relay);
    const bool has_sender = m->sender != kNoContact;
    out_.map(has_sender ? 5 : 4);
    field("destination_node_id", m->destination);
    out_.bytes("payload");
    write(m->payload);
    field("payload_type", type_name(type_of(m->payload)));
    if (has_sender) {
      out_.bytes("sender");
      node(m->sender);
    }
    field("source_node_id", m->source);
  }

  template <typename Content>
  void field(std::string_view key, const Content& content) {
    out_.bytes(key);
    content_of(content);
  }

  void content_of(std::string_view text) { out_.bytes(text); }
  void content_of(const std::string& text) { out_.bytes(text); }
  void content_of(bool flag) { out_.boolean(flag); }
  void content_of(std::uint8_t number) { out_.integer(number); }
  void content_of(std::uint32_t number) { out_.integer(number); }
  void content_of(std::uint64_t number) { out_.integer(number); }
  template <std::size_t N>
  void content_of(const std::array<std::uint8_t, N>& bytes) {
    out_.bytes({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  }
  void content_of(const NodeId& id) {
    const IdBytes bytes = bytes_of(id);
    out_.bytes({bytes.data(), bytes.size()});
  }
  using IdBytes = std::array<char, NodeId::kBytes>;
  static IdBytes bytes_of(const NodeId& id) {
    IdBytes bytes;
    for (std::size_t i = 0; i < id.words.size(); ++i) {
      const std::uint64_t word = htobe64(id.words[i]);
      std::memcpy(bytes.data() + i * sizeof word, &word, sizeof word);
    }
    return bytes;
  }
  void content_of(const std::vector<std::string>& texts) {
    out_.array(texts.size());
    for (const std::string& text : texts) out_.bytes(text);
  }
  void content_of(const ContactList& nodes) {
    out_.array(nodes.size());
    for (const ContactRef ref : nodes) node(ref);
  }

  void node(ContactRef ref) {
    if constexpr (Packer<Sink>::kCounts) {
      out_.sink().size += book_.wire_size(ref);
    } else {
      // In one piece, since most of what is sent are nodes.
      TextBuffer::Piece piece = out_.sink().piece(book_.wire_size(ref));
      transport::EndpointText endpoint;
      const NodeId* relay = book_.relay(ref);
      out_.add_map(piece, relay != nullptr ? 3 : 2);
      add_field(piece, "endpoint", write_endpoint(book_.endpoint(ref), endpoint));
      add_id(piece, "node_id", book_.id(ref));
      if (relay != nullptr) add_id(piece, "relay", *relay);
      piece.done();
    }
  }
  void add_field(TextBuffer::Piece& piece, std::string_view name, std::string_view text) {
    out_.add_bytes(piece, name);
    out_.add_bytes(piece, text);
  }
  void add_id(TextBuffer::Piece& piece, std::string_view name, const NodeId& id) {
    const IdBytes bytes = bytes_of(id);
    add_field(piece, name, {bytes.data(), bytes.size()});
  }

  // A value that was never set counts as nil.
  void shared(const SharedValue& value) { out_.value(value ? *value : Value{}); }

  const ContactBook& book_;
  Packer<Sink> out_;
};

}  // namespace macula::dht::wire
