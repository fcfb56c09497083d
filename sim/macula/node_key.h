// The key of a simulated node, and the id that is bound to it.
//
//   NodeKey key = NodeKey::derive("edge1");
//   dht::NodeId id = key.id();                 // SHA-256 of the public key (SPKI)
//
// The private key follows from the node's name, so that a scenario has the same ids in all worlds.
// Keys for the simulator only: whoever knows the name knows the key.
#pragma once

#include <string>
#include <string_view>

#include "dht/contact/node_id.h"

namespace macula::sim {

class NodeKey {
 public:
  // `name`: of the node; with more behind it where another run is to have another key.
  [[nodiscard]] static NodeKey derive(std::string_view name);

  // The seed of an Ed25519 key pair (RFC 8032, section 5.1.5): 32 bytes.
  [[nodiscard]] const std::string& seed() const { return seed_; }
  [[nodiscard]] dht::NodeId id() const;

 private:
  explicit NodeKey(std::string seed) : seed_(std::move(seed)) {}

  std::string seed_;
};

}  // namespace macula::sim
