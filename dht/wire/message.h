// The messages of Macula v0.8 as typed values, and the extensions: `relay`, `store_refused`,
// `leave_copy`, and what travels beside the value of a record.
//
//   Message message{FindNode{target}};
//   if (const auto* reply = std::get_if<FindNodeReply>(&message)) ...
//
// Virtual hosts hand these over as they are; `dht/wire/codec.h` turns them into frames and back.
// Contacts stand as handles of the run's (or node's) ContactBook. Messages move and are not copied.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "dht/contact/contact_book.h"
#include "dht/contact/contact_list.h"
#include "dht/contact/node_id.h"
#include "dht/wire/value.h"

namespace macula::dht::wire {

// The type byte of a frame.
enum class Type : std::uint8_t {
  connect = 0x01,
  disconnect = 0x02,
  ping = 0x03,
  pong = 0x04,
  publish = 0x10,
  subscribe = 0x11,
  unsubscribe = 0x12,
  pubsub_route = 0x13,
  call = 0x20,
  reply = 0x21,
  cast = 0x22,
  rpc_route = 0x23,
  swim_ping = 0x30,      // reserved: a known type, but never a valid message
  swim_ack = 0x31,       // reserved
  swim_ping_req = 0x32,  // reserved
  find_node = 0x40,
  find_node_reply = 0x41,
  store = 0x42,
  find_value = 0x43,
  find_value_reply = 0x44,
  relay = 0x48,  // extension: carries a message to a node behind a gateway, and its answer back
  store_refused = 0x49,  // extension: why a node does not hold what it was sent
  leave_copy = 0x4a,     // extension: a copy of what was found, to be kept for a while
};

using CallId = std::array<std::uint8_t, 16>;

// First frame in each direction of a connection.
struct Connect {
  std::string version = "1.0";
  NodeId node_id;
  NodeId realm_id;
  std::vector<std::string> capabilities;
  std::optional<std::string> endpoint;
};

struct Disconnect {
  std::string reason;
  std::string message;
};

struct Ping {
  std::uint64_t timestamp = 0;  // ms
};

struct Pong {
  std::uint64_t timestamp = 0;    // ms, echoed from the ping
  std::uint64_t server_time = 0;  // ms
};

struct Publish {
  std::string topic;
  Bytes payload;
  std::uint8_t qos = 0;  // 0 to 2
  bool retain = false;
  CallId message_id{};
};

struct Subscribe {
  std::vector<std::string> topics;
  std::uint8_t qos = 0;
};

struct Unsubscribe {
  std::vector<std::string> topics;
};

// Publishes are not routed by this node; the message exists for peers that send it.
struct PubsubRoute {
  NodeId destination;
  NodeId source;
  std::uint32_t hop_count = 0;
  std::uint32_t max_hops = 0;
  std::string topic;
  std::unique_ptr<Publish> payload;
};

struct Call {
  std::string procedure;
  Bytes args;  // JSON text
  CallId call_id{};
  std::optional<std::uint64_t> timeout_ms;
};

struct CallError {
  std::string code;
  std::string message;
};

struct Reply {
  CallId call_id{};
  std::variant<Bytes, CallError> outcome;  // Bytes: the result
};

struct Cast {
  std::string procedure;
  Bytes args;
};

// A call, or the reply to one, on its way through the overlay.
struct RpcRoute {
  NodeId destination;
  NodeId source;
  std::uint32_t hop_count = 0;
  std::uint32_t max_hops = 0;
  std::unique_ptr<std::variant<Call, Reply>> payload;
};

struct FindNode {
  NodeId target;
};

struct FindNodeReply {
  ContactList nodes;
};

using PublicKey = std::array<std::uint8_t, 32>;  // Ed25519 (RFC 8032)
using Signature = std::array<std::uint8_t, 64>;

// The signer of a record, and which of its versions this is.
struct Proof {
  PublicKey owner{};
  std::uint64_t sequence = 0;
  Signature signature{};

  friend bool operator==(const Proof& a, const Proof& b) {
    return a.owner == b.owner && a.sequence == b.sequence && a.signature == b.signature;
  }
};

// A value, and what is told beside it: extra keys that a v0.8 peer neither sends nor reads.
struct Record {
  SharedValue value;
  std::shared_ptr<const Proof> proof{};  // nothing: not signed
  std::uint64_t lifetime_ms = 0;         // as published; 0: nothing is told but the value (v0.8)
  std::uint64_t ttl_ms = 0;              // what was left of it when this was sent
  // How long ago an unsigned record that was published again was published first. 0: with its life.
  std::uint64_t since_ms = 0;
  bool withdrawn = false;  // its publisher takes it back
  // For an unsigned record: the first 64 bits of its publisher's id, and the number of what that
  // node wrote, in its own order: a later one is greater. Writer 0: not told.
  std::uint64_t writer = 0;
  std::uint64_t number = 0;
  // Sent by a publisher that is one of the k closest itself, to the last of k others: that one is
  // no holder.
  bool spare = false;
};

// The longest life that can be told, a hundred years, in milliseconds.
inline constexpr std::uint64_t kLongestLifetimeMs = std::uint64_t{36'500} * 24 * 3600 * 1000;

struct Store {
  Key key;
  Record record;
};

// Sent to whoever stored a record with its lifetime, which no v0.8 peer does.
struct StoreRefused {
  Key key;
  std::string reason;
};

// Sent to a node that has said it would keep a copy (FindValueReply::copy).
struct LeaveCopy {
  Key key;
  std::uint64_t keep_ms = 0;
  std::vector<Record> records;
};

struct FindValue {
  Key key;
};

// Either the records known for the key, or contacts closer to it. Besides, those that were
// withdrawn (extension): older copies of them may still be about. `copy` (extension): the records
// are a copy that was left here; or there are none, and one would be kept. `outside` (extension):
// they are held by a node that knows k others closer to the key, which may have newer ones. A node
// whose word is not a holder's names the contacts as well (extension).
struct FindValueReply {
  std::variant<std::vector<Record>, ContactList> result;
  std::vector<Record> withdrawn{};

  bool copy = false;
  bool outside = false;
  std::unique_ptr<ContactList> closer{};  // beside records
};

// All records of an answer: those that are withdrawn, then those that count.
template <typename Visit>
void for_each_record(const FindValueReply& reply, Visit visit) {
  for (const Record& record : reply.withdrawn) visit(record);
  if (const auto* records = std::get_if<std::vector<Record>>(&reply.result)) {
    for (const Record& record : *records) visit(record);
  }
}

struct Relay;

using Message =
    std::variant<Connect, Disconnect, Ping, Pong, Publish, Subscribe, Unsubscribe, PubsubRoute,
                 Call, Reply, Cast, RpcRoute, FindNode, FindNodeReply, Store, FindValue,
                 FindValueReply, std::unique_ptr<Relay>, StoreRefused, LeaveCopy>;

// A message for a node behind a gateway, or that node's answer on its way back (same form, source
// and destination swapped). `sender` is the contact of the source, an extra key of the map, so that
// the receiver can reach it; kNoContact where it was not told.
struct Relay {
  NodeId destination;
  NodeId source;
  ContactRef sender = kNoContact;
  Message payload;
};

[[nodiscard]] Type type_of(const Message& message);
// "find_node": the name used in traces, scenarios and JSON.
[[nodiscard]] std::string_view type_name(Type type);
// The inverse, for scenario files and `frame encode`.
[[nodiscard]] std::optional<Type> type_from_name(std::string_view name);
// The known type with this number, reserved ones included.
[[nodiscard]] std::optional<Type> type_from_number(std::uint8_t number);
// Whether messages of this type are answers, and nothing else.
[[nodiscard]] bool is_answer(Type type);
// Whether the message is a request, answered on its stream. A relay is what it carries, and a route
// that carries a reply has come to its end.
[[nodiscard]] bool wants_answer(const Message& message);

}  // namespace macula::dht::wire
