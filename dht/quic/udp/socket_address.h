// Endpoints as the system calls for sockets want them, and back.
//
//   SocketAddress to = to_socket_address(endpoint, AF_INET6);
//   sendto(fd, data, size, 0, to.get(), to.size);
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <string>

#include "dht/contact/endpoint.h"

namespace macula::dht::quic {

inline constexpr std::uint32_t kLoopback = 0x7f000001;  // 127.0.0.1

struct SocketAddress {
  union {
    sockaddr any;
    sockaddr_in v4;
    sockaddr_in6 v6;
  } address{};
  socklen_t size = 0;

  [[nodiscard]] sockaddr* get() { return &address.any; }
  [[nodiscard]] const sockaddr* get() const { return &address.any; }
};

// The family of sockets that can be bound to `endpoint`.
[[nodiscard]] int family_of(const Endpoint& endpoint);
// Nothing where a socket of this family cannot reach the endpoint. A socket of AF_INET6 reaches
// IPv4 addresses in their mapped form.
[[nodiscard]] std::optional<SocketAddress> to_socket_address(const Endpoint& endpoint, int family);
// Nothing for other families.
[[nodiscard]] std::optional<Endpoint> to_endpoint(const SocketAddress& address);
// Where a bound socket listens.
[[nodiscard]] std::optional<Endpoint> local_endpoint(int fd);

// 0.0.0.0 or [::]: every address of this machine.
[[nodiscard]] bool is_wildcard(const Endpoint& endpoint);
// 127.0.0.0/8 or [::1].
[[nodiscard]] bool is_loopback(const Endpoint& endpoint);
// Whether packets to this address, of whatever port, come to this machine.
[[nodiscard]] bool is_own_address(const Endpoint& endpoint);
// As parse_endpoint, but a port of 0 is allowed: a free one is to be chosen.
[[nodiscard]] std::optional<Endpoint> parse_listen_endpoint(const std::string& text);
// The address from which this machine would send to `remote`, with port 0. Sends nothing.
[[nodiscard]] std::optional<Endpoint> local_address_towards(const Endpoint& remote);

}  // namespace macula::dht::quic
