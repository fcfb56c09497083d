// Where a node listens: an IP address and a UDP port.
//
//   auto endpoint = parse_endpoint("172.21.0.10:9443");
//   format_endpoint(*endpoint);  // "172.21.0.10:9443"
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace macula::transport {

// IPv4 addresses are kept in their IPv6-mapped form (RFC 4291, section 2.5.5.2).
struct Endpoint {
  std::array<std::uint8_t, 16> address{};
  std::uint16_t port = 0;

  friend bool operator==(const Endpoint& a, const Endpoint& b) {
    return a.address == b.address && a.port == b.port;
  }
  friend bool operator<(const Endpoint& a, const Endpoint& b) {
    return a.address != b.address ? a.address < b.address : a.port < b.port;
  }
};

[[nodiscard]] bool is_ipv4(const Endpoint& endpoint);
// The subnet that is likely to belong to one owner, as a number: the /24 of an IPv4 address, the
// /64 of an IPv6 one. 0 for private, loopback and link-local addresses, of which many may be one's
// own.
[[nodiscard]] std::uint64_t subnet_of(const Endpoint& endpoint);
// Whether it may be reached from everywhere: none of those.
[[nodiscard]] inline bool is_public(const Endpoint& endpoint) {
  return subnet_of(endpoint) != 0;
}
[[nodiscard]] Endpoint make_ipv4(std::uint32_t address, std::uint16_t port);

// The part of an address that is taken for one owner where many come: an IPv4 address, or the /64
// of a public IPv6 one, all of whose addresses are one machine's to choose (RFC 4862, RFC 8981).
using Owner = std::array<std::uint8_t, 16>;
[[nodiscard]] Owner owner_of(const Endpoint& endpoint);

// Whether a packet can be sent there at all: no unspecified, multicast or broadcast address, no
// port of 0. Those of private and loopback ranges are as good as any.
[[nodiscard]] bool is_routable(const Endpoint& endpoint);

// "a.b.c.d:port" or "[v6]:port", with or without a leading "https://" (Macula 0.8 announces both
// forms). Nothing for a host name, a port of 0 or anything else.
[[nodiscard]] std::optional<Endpoint> parse_endpoint(std::string_view text);
[[nodiscard]] std::string format_endpoint(const Endpoint& endpoint);

// The same without a string of its own: a node writes twenty in an answer. It points into `text`.
using EndpointText = std::array<char, 64>;
[[nodiscard]] std::string_view write_endpoint(const Endpoint& endpoint, EndpointText& text);

}  // namespace macula::transport
