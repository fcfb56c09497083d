// The random bytes of the TLS library, repeatable while a run wants them so.
//
//   TlsRandom stream(seed);
//   {
//     const TlsRandom::Scope scope(stream);     // on this thread
//     ... handshakes ...
//   }
//
// GnuTLS calls gnutls_rnd through the dynamic linker; a program that links this file has its own.
// Outside of every scope its bytes are those of the kernel.
#pragma once

#include <cstddef>
#include <cstdint>

#include "sim/engine/random.h"

namespace macula::sim {

class TlsRandom {
 public:
  explicit TlsRandom(std::uint64_t seed) : stream_(seed, "tls") {}

  void fill(std::uint8_t* bytes, std::size_t count);

  class Scope {
   public:
    explicit Scope(TlsRandom& random);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    TlsRandom* outer_;
  };

 private:
  RandomStream stream_;
};

// Fills bytes from a stream, eight at a time.
void fill_from(RandomStream& stream, std::uint8_t* bytes, std::size_t count);

}  // namespace macula::sim
