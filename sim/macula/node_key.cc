#include "sim/macula/node_key.h"

#include <sodium/core.h>

#include "base/check.h"
#include "dht/record/record_signature.h"

namespace macula::sim {
namespace {

// Keeps these keys apart from other uses of a name's hash: a published id is SHA-256 of the name.
constexpr std::string_view kPurpose = "macula-sim node key: ";

}  // namespace

NodeKey NodeKey::derive(std::string_view name) {
  return NodeKey(dht::id_to_bytes(dht::hash_id(std::string(kPurpose).append(name))));
}

dht::NodeId NodeKey::id() const {
  MACULA_CHECK(sodium_init() >= 0);
  return dht::id_of_key(dht::SigningKey(seed_).public_key());
}

}  // namespace macula::sim
