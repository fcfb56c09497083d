#include "dht/quic/engine/connection_table.h"

#include <sodium.h>

#include <algorithm>
#include <cstring>

#include "base/check.h"
#include "dht/quic/engine/random_source.h"

namespace macula::dht::quic {

namespace {

std::array<std::uint8_t, 16> draw_secret(RandomSource& random) {
  static_assert(crypto_shorthash_KEYBYTES == 16);
  std::array<std::uint8_t, 16> secret;
  random.fill(secret.data(), secret.size());
  return secret;
}

}  // namespace

ConnectionTable::Key::Key(std::string_view text) : size(static_cast<std::uint8_t>(text.size())) {
  MACULA_CHECK(text.size() <= bytes.size());
  std::copy(text.begin(), text.end(), bytes.begin());
}

std::size_t ConnectionTable::Hash::operator()(const Key& key) const {
  std::array<unsigned char, crypto_shorthash_BYTES> out;
  crypto_shorthash(out.data(), reinterpret_cast<const unsigned char*>(key.bytes.data()), key.size,
                   secret.data());
  std::size_t hash = 0;
  std::memcpy(&hash, out.data(), sizeof hash);
  return hash;
}

ConnectionTable::ConnectionTable(RandomSource& random)
    : hash_{draw_secret(random)}, ids_(0, hash_), tokens_(0, hash_) {}

bool ConnectionTable::add(std::string_view cid, Connection& connection) {
  return ids_.emplace(Key(cid), &connection).second;
}

void ConnectionTable::remove(std::string_view cid, const Connection& connection) {
  remove_from(ids_, cid, connection);
}

Connection* ConnectionTable::find(std::string_view cid) const {
  return find_in(ids_, cid);
}

void ConnectionTable::add_token(const ResetToken& token, Connection& connection) {
  tokens_.emplace(Key(text_of(token.data(), token.size())), &connection);
}

void ConnectionTable::remove_token(const ResetToken& token, const Connection& connection) {
  remove_from(tokens_, text_of(token.data(), token.size()), connection);
}

Connection* ConnectionTable::find_token(std::string_view last_bytes) const {
  return find_in(tokens_, last_bytes);
}

Connection* ConnectionTable::find_in(const Map& map, std::string_view text) {
  if (text.size() > NGTCP2_MAX_CIDLEN) return nullptr;
  const auto found = map.find(Key(text));
  return found == map.end() ? nullptr : found->second;
}

void ConnectionTable::remove_from(Map& map, std::string_view text, const Connection& connection) {
  const auto found = map.find(Key(text));
  if (found != map.end() && found->second == &connection) map.erase(found);
}

}  // namespace macula::dht::quic
