// The identity of this end: an Ed25519 key and the self-signed certificate that carries it.
//
//   auto credentials = Credentials::from_seed(seed);       // 32 bytes: the private key
//   credentials->id();                                     // SHA-256 of the public key (SPKI)
//
// The certificate follows from the key alone, byte for byte, so that a simulated handshake has the
// same sizes in every run. Nobody checks its dates: identity is the key.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "dht/contact/node_id.h"

namespace macula::dht::quic {

class Credentials {
 public:
  static constexpr std::size_t kSeedBytes = 32;

  // The error is for a person: a seed of another size, or what GnuTLS says.
  [[nodiscard]] static tl::expected<Credentials, std::string> from_seed(std::string_view seed);
  Credentials(Credentials&&) noexcept;
  Credentials& operator=(Credentials&&) noexcept;
  ~Credentials();

  [[nodiscard]] const NodeId& id() const;

  struct Impl;  // for the engine
  [[nodiscard]] const Impl& impl() const { return *impl_; }

 private:
  explicit Credentials(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace macula::dht::quic
