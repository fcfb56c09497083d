// The form in which GnuTLS keeps a key: for TLS sessions only.
#pragma once

#include <gnutls/gnutls.h>

#include "dht/quic/engine/credentials.h"

namespace macula::dht::quic {

struct Credentials::Impl {
  Impl() = default;
  ~Impl();
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  NodeId id;
  gnutls_certificate_credentials_t certificate = nullptr;
  gnutls_priority_t priority = nullptr;
};

}  // namespace macula::dht::quic
