#include "dht/contact/keyed_hash.h"

#include <sodium/crypto_shorthash.h>

#include <cstring>

namespace macula::dht {
namespace {

std::uint64_t hash(const void* bytes, std::size_t size, const KeyedHash::Key& key) {
  static_assert(crypto_shorthash_BYTES == sizeof(std::uint64_t));
  static_assert(crypto_shorthash_KEYBYTES == std::tuple_size_v<KeyedHash::Key>);
  std::uint64_t result = 0;
  crypto_shorthash(reinterpret_cast<unsigned char*>(&result),
                   static_cast<const unsigned char*>(bytes), size, key.data());
  return result;
}

}  // namespace

std::uint64_t KeyedHash::operator()(const NodeId& id) const {
  return hash(id.words.data(), NodeId::kBytes, key_);
}

std::uint64_t KeyedHash::operator()(const Endpoint& endpoint) const {
  std::array<std::uint8_t, std::tuple_size_v<decltype(endpoint.address)> + 2> bytes{};
  std::memcpy(bytes.data(), endpoint.address.data(), endpoint.address.size());
  bytes[bytes.size() - 2] = static_cast<std::uint8_t>(endpoint.port >> 8);
  bytes[bytes.size() - 1] = static_cast<std::uint8_t>(endpoint.port);
  return hash(bytes.data(), bytes.size(), key_);
}

std::uint64_t KeyedHash::operator()(std::uint64_t number) const {
  return hash(&number, sizeof number, key_);
}

}  // namespace macula::dht
