#include "dht/contact/node_id.h"

#include <sodium/crypto_hash_sha256.h>

#include "base/hex.h"

namespace macula::dht {

NodeId hash_id(std::string_view text) {
  std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
  crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(text.data()), text.size());
  return *id_from_bytes({reinterpret_cast<const char*>(hash.data()), hash.size()});
}

Key normalize(std::string_view bytes) {
  const auto id = id_from_bytes(bytes);
  return id ? *id : hash_id(bytes);
}

std::optional<NodeId> id_from_bytes(std::string_view bytes) {
  if (bytes.size() != NodeId::kBytes) return std::nullopt;
  NodeId id;
  for (std::size_t i = 0; i < NodeId::kBytes; ++i) {
    id.words[i / 8] = id.words[i / 8] << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return id;
}

std::string id_to_bytes(const NodeId& id) {
  std::string bytes(NodeId::kBytes, '\0');
  for (std::size_t i = 0; i < NodeId::kBytes; ++i) {
    bytes[i] = static_cast<char>(id.words[i / 8] >> (56 - 8 * (i % 8)));
  }
  return bytes;
}

std::optional<NodeId> id_from_hex(std::string_view text) {
  const auto bytes = from_hex(text);
  return bytes ? id_from_bytes(*bytes) : std::nullopt;
}

std::string id_to_hex(const NodeId& id) {
  return to_hex(id_to_bytes(id));
}

}  // namespace macula::dht
