#include "base/check.h"
#include "base/hash.h"
#include "dht/wire/codec.h"
#include "dht/wire/msgpack.h"

namespace macula::dht::wire {
namespace {

std::uint64_t fold(std::uint64_t state, const NodeId& id) {
  for (const std::uint64_t word : id.words) state = mix(state, word);
  return state;
}

std::uint64_t fold(std::uint64_t state, const ContactList& nodes, const ContactBook& book) {
  state = mix(state, nodes.size());
  for (const ContactRef ref : nodes) state = mix(state, book.fingerprint(ref));
  return state;
}

std::uint64_t hash_shared(const SharedValue& value) {
  return hash_value(value ? *value : Value{});
}

// A record of which nothing is told counts as its value alone.
std::uint64_t hash_record(const Record& record) {
  const std::uint64_t state = hash_shared(record.value);
  if (record.lifetime_ms == 0) return state;
  const bool is_long = record.lifetime_ms >> 32 != 0;
  const std::uint64_t life =
      is_long ? mix(record.lifetime_ms, record.ttl_ms) : record.lifetime_ms << 32 | record.ttl_ms;
  std::uint64_t told = mix(state, life, record.withdrawn ? 1 : 0);
  if (record.since_ms != 0) told = mix(told, record.since_ms);
  if (record.spare) told = mix(told, 1);
  if (record.writer != 0) told = mix(told, record.writer, record.number);
  if (!record.proof) return told;
  const Proof& proof = *record.proof;
  return mix(
      told, proof.sequence,
      hash_bytes({reinterpret_cast<const char*>(proof.owner.data()), proof.owner.size()}),
      hash_bytes({reinterpret_cast<const char*>(proof.signature.data()), proof.signature.size()}));
}

std::uint64_t hash_call_id(const CallId& id) {
  return hash_bytes({reinterpret_cast<const char*>(id.data()), id.size()});
}

// The messages that make up the traffic of a run are folded field by field. The rest are rare, and
// hashed by their encoding.
class Fingerprint {
 public:
  // `message` is what is visited, or nothing for the call or reply inside a route.
  Fingerprint(Type type, const ContactBook& book, const Message* message)
      : start_(mix(static_cast<std::uint64_t>(type), 0)), book_(book), message_(message) {}

  std::uint64_t operator()(const Ping& m) const { return mix(start_, m.timestamp); }
  std::uint64_t operator()(const Pong& m) const { return mix(start_, m.timestamp, m.server_time); }
  std::uint64_t operator()(const FindNode& m) const { return fold(start_, m.target); }
  std::uint64_t operator()(const FindNodeReply& m) const { return fold(start_, m.nodes, book_); }
  std::uint64_t operator()(const FindValue& m) const { return fold(start_, m.key); }
  std::uint64_t operator()(const FindValueReply& m) const {
    std::uint64_t state = start_;
    if (const auto* nodes = std::get_if<ContactList>(&m.result)) {
      state = fold(state, *nodes, book_);
    } else {
      const auto& records = std::get<std::vector<Record>>(m.result);
      // Inverted, so that no providers and no nodes are two different answers.
      state = mix(state, ~records.size());
      for (const Record& record : records) state = mix(state, hash_record(record));
      if (m.closer) state = fold(state, *m.closer, book_);
      if (m.outside) state = mix(state, 2);
    }
    for (const Record& record : m.withdrawn) state = mix(state, ~hash_record(record));
    return m.copy ? mix(state, 1) : state;
  }
  std::uint64_t operator()(const Store& m) const {
    return mix(fold(start_, m.key), hash_record(m.record));
  }
  std::uint64_t operator()(const Call& m) const {
    const std::uint64_t state = mix(start_, hash_call_id(m.call_id), hash_bytes(m.procedure));
    const std::uint64_t has_timeout = m.timeout_ms.has_value() ? 1 : 0;
    return mix(state, hash_bytes(m.args), has_timeout, m.timeout_ms.value_or(0));
  }
  std::uint64_t operator()(const Reply& m) const {
    const std::uint64_t state = mix(start_, hash_call_id(m.call_id), m.outcome.index());
    if (const auto* result = std::get_if<Bytes>(&m.outcome)) return mix(state, hash_bytes(*result));
    const auto& error = std::get<CallError>(m.outcome);
    return mix(state, hash_bytes(error.code), hash_bytes(error.message));
  }
  std::uint64_t operator()(const RpcRoute& m) const {
    MACULA_CHECK(m.payload != nullptr);
    const std::uint64_t hops = std::uint64_t{m.hop_count} << 32 | m.max_hops;
    const bool is_call = std::holds_alternative<Call>(*m.payload);
    const Fingerprint inner(is_call ? Type::call : Type::reply, book_, nullptr);
    return mix(fold(fold(start_, m.destination), m.source), hops, std::visit(inner, *m.payload));
  }
  std::uint64_t operator()(const std::unique_ptr<Relay>& m) const {
    MACULA_CHECK(m != nullptr);
    const std::uint64_t sender = m->sender == kNoContact ? 0 : book_.fingerprint(m->sender);
    return mix(fold(fold(start_, m->destination), m->source), sender,
               fingerprint(m->payload, book_));
  }
  template <typename Rare>
  std::uint64_t operator()(const Rare&) const {
    return mix(start_, hash_bytes(encode(*message_, book_)));
  }

 private:
  std::uint64_t start_;
  const ContactBook& book_;
  const Message* message_;
};

}  // namespace

std::uint64_t fingerprint(const Message& message, const ContactBook& book) {
  return std::visit(Fingerprint(type_of(message), book, &message), message);
}

}  // namespace macula::dht::wire
