// SipHash-2-4 with a secret key: for tables whose keys come from outside. A stranger to the key
// cannot choose many that fall into one place.
//
//   KeyedHash hash(key);                       // drawn at random by a host that strangers talk to
//   std::size_t place = hash(id) & mask;
//
// Without a key it is the same in each run, as the simulator wants it. Nothing may depend on the
// order that it gives.
#pragma once

#include <array>
#include <cstdint>

#include "dht/contact/endpoint.h"
#include "dht/contact/node_id.h"

namespace macula::dht {

class KeyedHash {
 public:
  using Key = std::array<std::uint8_t, 16>;

  explicit KeyedHash(const Key& key = {}) : key_(key) {}

  [[nodiscard]] std::uint64_t operator()(const NodeId& id) const;
  [[nodiscard]] std::uint64_t operator()(const Endpoint& endpoint) const;
  [[nodiscard]] std::uint64_t operator()(std::uint64_t number) const;

 private:
  Key key_;
};

}  // namespace macula::dht
