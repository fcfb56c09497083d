// Where another node is to be found, as people write it: "192.0.2.7:9443", "[2001:db8::7]:9443" or
// "node.example:9443".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tl/expected.hpp>

#include "dht/contact/endpoint.h"

namespace macula::dht::quic {

struct Remote {
  std::string text;                  // as it was written
  std::optional<Endpoint> endpoint;  // nothing: a name
  std::string host;                  // the name of a host, where it is one
  std::uint16_t port = 0;
};

// The error says what was expected. A name follows RFC 1123, section 2.1: letters, digits, hyphens
// and dots; its last label is no number, which only an address can have.
[[nodiscard]] tl::expected<Remote, std::string> parse_remote(const std::string& text);

}  // namespace macula::dht::quic
