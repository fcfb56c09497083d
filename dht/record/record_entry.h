// One record as a node holds it: what came, when it begins and ends, and what its room is.
//
// An origin is who signed and, where the value is a map with `node_id`, that provider; all unsigned
// values that name no provider share one origin. A node holds one entry of each origin for a key.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/time.h"
#include "dht/contact/node_id.h"
#include "dht/wire/message.h"

namespace macula::dht {

// How well it is proven who answers for a record.
enum class Standing : std::uint8_t {
  not_signed,
  some_key,      // signed, by a key that anybody may have made
  provider_key,  // signed by the key to which the id of the provider that it names is bound
};

struct RecordEntry {
  // The bytes of one record beside its value, where the limit of one record is counted: key, proof,
  // times.
  static constexpr std::size_t kOverhead = 192;
  // The memory that it takes beside what its value holds: entry, key, proof, and the value itself.
  static constexpr std::size_t kMemory = 320;

  wire::SharedValue value;
  std::shared_ptr<const wire::Proof> proof;
  std::string_view provider;  // that the value names; it lies in the value
  Time published{};
  Time first{};               // published for the first time: no later than `published`
  Time expires = kTimeMax;    // kTimeMax: never
  Time heard{};               // when it last came in, or was last passed on
  std::uint64_t origin = 0;   // who answers for it: a hash
  std::uint64_t brought = 0;  // who has sent it: a hash
  std::uint64_t writer = 0;   // of an unsigned one, where it is told (wire::Record)
  std::uint64_t number = 0;
  std::uint64_t serial = 0;  // of the entry, in its store
  std::uint32_t packed = 0;  // bytes of the value on the wire
  std::uint32_t bytes = 0;   // of memory, or on the wire: the larger
  std::uint32_t values = 0;  // in the value, with the keys of its maps
  std::uint8_t depth = 0;    // of the value; kTooDeep for all that are deeper
  Standing standing = Standing::not_signed;
  bool withdrawn = false;
  bool spare = false;    // this node is no holder of it (wire::Record)
  bool own = false;      // this node publishes it
  bool settled = false;  // passed on by a node that is none of the closest: not again

  static constexpr std::uint8_t kTooDeep = 0xff;

  // As it came: nothing is known of its origin and its holder.
  [[nodiscard]] static RecordEntry of(wire::Record record, Time published, Time expires,
                                      Time first);

  [[nodiscard]] bool over(Time now) const { return expires <= now; }
  [[nodiscard]] bool live(Time now) const { return !withdrawn && !over(now); }
  // Whether both are versions of one record.
  [[nodiscard]] bool same_origin(const RecordEntry& other) const;
};

// `provider`: that the record names; nullptr: it is not signed.
[[nodiscard]] Standing standing_of(std::string_view provider, const wire::Proof* proof);
// Empty for a value that names no provider, or one by more than kLongestProvider bytes.
inline constexpr std::size_t kLongestProvider = 64;
[[nodiscard]] std::string_view provider_of(const wire::SharedValue& value);
// Whether two records are versions of one.
[[nodiscard]] bool same_origin(const wire::SharedValue& a, const wire::Proof* proof_a,
                               const wire::SharedValue& b, const wire::Proof* proof_b);

// 64 bits of an id, or of a key: nobody can aim at those of another.
[[nodiscard]] std::uint64_t fold(const NodeId& id);
[[nodiscard]] std::uint64_t fold(const wire::PublicKey& key);

}  // namespace macula::dht
