// Which connection a datagram belongs to: by connection id, or by stateless reset token.
//
//   table.add(cid, connection);
//   Connection* found = table.find(id_bytes);
//
// Peers choose some of these ids and all of these tokens, so both are hashed with a secret key:
// nobody can aim at one bucket.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_map>

#include "dht/quic/engine/ngtcp2_api.h"

namespace macula::dht::quic {

class Connection;
class RandomSource;

class ConnectionTable {
 public:
  explicit ConnectionTable(RandomSource& random);

  // False where the id is another's already.
  [[nodiscard]] bool add(std::string_view cid, Connection& connection);
  void remove(std::string_view cid, const Connection& connection);
  [[nodiscard]] Connection* find(std::string_view cid) const;

  // If the peers of two connections gave the same token, the first keeps it.
  void add_token(const ResetToken& token, Connection& connection);
  void remove_token(const ResetToken& token, const Connection& connection);
  [[nodiscard]] Connection* find_token(std::string_view last_bytes) const;

  [[nodiscard]] std::size_t ids() const { return ids_.size(); }
  [[nodiscard]] std::size_t tokens() const { return tokens_.size(); }

 private:
  using Secret = std::array<std::uint8_t, 16>;

  // A connection id or a reset token: at most 20 bytes.
  struct Key {
    std::array<char, NGTCP2_MAX_CIDLEN> bytes{};
    std::uint8_t size = 0;
    explicit Key(std::string_view text);
    friend bool operator==(const Key& a, const Key& b) {
      return a.size == b.size && a.bytes == b.bytes;
    }
  };
  struct Hash {
    Secret secret;
    std::size_t operator()(const Key& key) const;
  };
  using Map = std::unordered_map<Key, Connection*, Hash>;

  static Connection* find_in(const Map& map, std::string_view text);
  static void remove_from(Map& map, std::string_view text, const Connection& connection);

  Hash hash_;
  Map ids_;
  Map tokens_;
};

}  // namespace macula::dht::quic
