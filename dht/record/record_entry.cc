#include "dht/record/record_entry.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "dht/record/record_signature.h"
#include "dht/wire/extent.h"
#include "dht/wire/msgpack.h"

namespace macula::dht {
namespace {

constexpr std::uint64_t kMax32 = std::numeric_limits<std::uint32_t>::max();

std::uint32_t limited(std::size_t number) {
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(number, kMax32));
}

bool same_owner(const wire::Proof* a, const wire::Proof* b) {
  if (a == nullptr || b == nullptr) return a == b;
  return a->owner == b->owner;
}

}  // namespace

Standing standing_of(std::string_view provider, const wire::Proof* proof) {
  if (proof == nullptr) return Standing::not_signed;
  const auto id = id_from_bytes(provider);
  return id && *id == id_of_key(proof->owner) ? Standing::provider_key : Standing::some_key;
}

std::string_view provider_of(const wire::SharedValue& value) {
  const wire::Value* id = value ? value->find("node_id") : nullptr;
  const wire::Bytes* bytes = id != nullptr ? id->as_bytes() : nullptr;
  return bytes != nullptr && bytes->size() <= kLongestProvider ? std::string_view(*bytes)
                                                               : std::string_view();
}

bool same_origin(const wire::SharedValue& a, const wire::Proof* proof_a, const wire::SharedValue& b,
                 const wire::Proof* proof_b) {
  return same_owner(proof_a, proof_b) && provider_of(a) == provider_of(b);
}

bool RecordEntry::same_origin(const RecordEntry& other) const {
  return same_owner(proof.get(), other.proof.get()) && provider == other.provider;
}

RecordEntry RecordEntry::of(wire::Record record, Time published, Time expires, Time first) {
  RecordEntry entry;
  entry.value = std::move(record.value);
  entry.proof = std::move(record.proof);
  entry.withdrawn = record.withdrawn;
  entry.spare = record.spare;
  entry.writer = record.writer;
  entry.number = record.number;
  entry.provider = provider_of(entry.value);
  entry.published = published;
  entry.first = first;
  entry.expires = expires;
  entry.standing = standing_of(entry.provider, entry.proof.get());
  if (entry.value) {
    const wire::Extent extent = wire::extent_of(*entry.value);
    entry.packed = limited(wire::packed_size(*entry.value));
    entry.bytes = limited(std::max<std::size_t>(extent.memory, entry.packed) + kMemory);
    entry.values = limited(extent.values);
    if (extent.depth > wire::kMaxStoredDepth) entry.depth = kTooDeep;
  }
  return entry;
}

std::uint64_t fold(const NodeId& id) {
  return id.words[0] ^ id.words[1] ^ id.words[2] ^ id.words[3];
}

std::uint64_t fold(const wire::PublicKey& key) {
  std::uint64_t folded = 0;
  for (std::size_t i = 0; i < key.size(); ++i) {
    folded ^= static_cast<std::uint64_t>(key[i]) << (8 * (i % 8));
  }
  return folded;
}

}  // namespace macula::dht
