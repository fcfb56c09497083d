// Signed records: who may say what stands under a key, and which version is the newest.
//
//   wire::Record record{value, nullptr, lifetime_ms};
//   sign_record(key, record, sequence, signer);
//   verifier.valid(key, record);                      // before a record of others is believed
//
// The signature (Ed25519, RFC 8032) covers key, value, sequence number, lifetime and whether the
// record is withdrawn. It does not cover when the record ends, because no two clocks of a network
// need agree: what is left of a life is told by whoever passes the record on. A holder that lies
// about it can keep a record alive or let it die early; it cannot alter it, nor pass an old version
// off for a new one.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "dht/contact/node_id.h"
#include "dht/wire/message.h"

namespace macula::dht {

// Has a private key. A host of very many nodes may make it anew each time.
class Signer {
 public:
  [[nodiscard]] virtual wire::PublicKey public_key() const = 0;
  [[nodiscard]] virtual wire::Signature sign(std::string_view message) const = 0;

 protected:
  ~Signer() = default;
};

// A key kept in memory.
class SigningKey final : public Signer {
 public:
  // `seed`: 32 bytes (RFC 8032, section 5.1.5).
  explicit SigningKey(std::string_view seed);
  SigningKey(const SigningKey&) = delete;
  SigningKey& operator=(const SigningKey&) = delete;
  ~SigningKey();

  [[nodiscard]] wire::PublicKey public_key() const override { return public_key_; }
  [[nodiscard]] wire::Signature sign(std::string_view message) const override;

 private:
  wire::PublicKey public_key_{};
  std::array<std::uint8_t, 64> secret_key_{};
};

// The id that is bound to a key: SHA-256 of its SubjectPublicKeyInfo (RFC 8410), as on QUIC.
[[nodiscard]] NodeId id_of_key(const wire::PublicKey& key);

// Makes this version `sequence` of the record. Its lifetime must be set.
void sign_record(const Key& key, wire::Record& record, std::uint64_t sequence,
                 const Signer& signer);

// Checks signatures, and remembers those that were good: a record is checked once, however often it
// is passed on. A bounded memo of a pure function: it may be shared by all nodes of a simulation,
// where it saves the check, not the refusal.
class Verifier {
 public:
  // Whether the signature of the record's own owner holds; false for one that is not signed.
  [[nodiscard]] bool valid(const Key& key, const wire::Record& record);

  [[nodiscard]] std::uint64_t checks() const { return checks_; }

 private:
  static constexpr std::size_t kRemembered = 4096;
  using Digest = std::array<std::uint8_t, 32>;

  std::vector<Digest> good_;  // by their first bytes; made when first needed
  std::uint64_t checks_ = 0;  // signatures computed
};

}  // namespace macula::dht
