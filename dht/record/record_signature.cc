#include "dht/record/record_signature.h"

#include <sodium/crypto_hash_sha256.h>
#include <sodium/crypto_sign.h>
#include <sodium/utils.h>

#include <string>

#include "base/check.h"
#include "dht/wire/msgpack.h"

namespace macula::dht {
namespace {

// Keeps these signatures apart from all others that the key may make.
constexpr std::string_view kPurpose("macula record 1\0", 16);

// The bytes before the 32 bytes of an Ed25519 key in its SubjectPublicKeyInfo (RFC 8410).
constexpr std::string_view kSpkiHead("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12);

template <std::size_t N>
std::string_view text_of(const std::array<std::uint8_t, N>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), N};
}

void append_number(std::string& text, std::uint64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) text += static_cast<char>(number >> shift);
}

std::string signed_text(const Key& key, const wire::Record& record, std::uint64_t sequence) {
  std::string text(kPurpose);
  text += id_to_bytes(key);
  append_number(text, sequence);
  append_number(text, record.lifetime_ms);
  text += record.withdrawn ? '\1' : '\0';
  text += wire::pack(record.value ? *record.value : wire::Value{});
  return text;
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

SigningKey::SigningKey(std::string_view seed) {
  static_assert(std::tuple_size_v<decltype(secret_key_)> == crypto_sign_SECRETKEYBYTES);
  MACULA_CHECK(seed.size() == crypto_sign_SEEDBYTES);
  crypto_sign_seed_keypair(public_key_.data(), secret_key_.data(), bytes_of(seed));
}

SigningKey::~SigningKey() {
  sodium_memzero(secret_key_.data(), secret_key_.size());
}

wire::Signature SigningKey::sign(std::string_view message) const {
  wire::Signature signature{};
  crypto_sign_detached(signature.data(), nullptr, bytes_of(message), message.size(),
                       secret_key_.data());
  return signature;
}

NodeId id_of_key(const wire::PublicKey& key) {
  return hash_id(std::string(kSpkiHead).append(text_of(key)));
}

void sign_record(const Key& key, wire::Record& record, std::uint64_t sequence,
                 const Signer& signer) {
  MACULA_CHECK(record.lifetime_ms > 0);
  wire::Proof proof;
  proof.owner = signer.public_key();
  proof.sequence = sequence;
  proof.signature = signer.sign(signed_text(key, record, sequence));
  record.proof = std::make_shared<const wire::Proof>(proof);
}

bool Verifier::valid(const Key& key, const wire::Record& record) {
  if (!record.proof) return false;
  const wire::Proof& proof = *record.proof;
  const std::string text = signed_text(key, record, proof.sequence);
  std::string all(text_of(proof.owner));
  all += text_of(proof.signature);
  all += text;
  Digest digest{};
  crypto_hash_sha256(digest.data(), bytes_of(all), all.size());
  if (good_.empty()) good_.resize(kRemembered);
  Digest& place = good_[(std::size_t{digest[0]} << 8 | digest[1]) % kRemembered];
  if (place == digest) return true;
  ++checks_;
  if (crypto_sign_verify_detached(proof.signature.data(), bytes_of(text), text.size(),
                                  proof.owner.data()) != 0) {
    return false;
  }
  place = digest;
  return true;
}

}  // namespace macula::dht
