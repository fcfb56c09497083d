#include "dht/quic/udp/socket_address.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include "dht/quic/udp/unique_fd.h"

namespace macula::dht::quic {
namespace {

constexpr std::size_t kV4Offset = 12;  // of the IPv4 address in its mapped form

}  // namespace

int family_of(const Endpoint& endpoint) {
  return is_ipv4(endpoint) ? AF_INET : AF_INET6;
}

std::optional<SocketAddress> to_socket_address(const Endpoint& endpoint, int family) {
  SocketAddress to;
  if (family == AF_INET) {
    if (!is_ipv4(endpoint)) return std::nullopt;
    to.size = sizeof(sockaddr_in);
    to.address.v4.sin_family = AF_INET;
    to.address.v4.sin_port = htons(endpoint.port);
    std::memcpy(&to.address.v4.sin_addr, endpoint.address.data() + kV4Offset,
                sizeof(to.address.v4.sin_addr));
    return to;
  }
  to.size = sizeof(sockaddr_in6);
  to.address.v6.sin6_family = AF_INET6;
  to.address.v6.sin6_port = htons(endpoint.port);
  std::memcpy(&to.address.v6.sin6_addr, endpoint.address.data(), endpoint.address.size());
  return to;
}

std::optional<Endpoint> to_endpoint(const SocketAddress& address) {
  if (address.address.any.sa_family == AF_INET) {
    return make_ipv4(ntohl(address.address.v4.sin_addr.s_addr), ntohs(address.address.v4.sin_port));
  }
  if (address.address.any.sa_family != AF_INET6) return std::nullopt;
  Endpoint endpoint;
  std::memcpy(endpoint.address.data(), &address.address.v6.sin6_addr, endpoint.address.size());
  endpoint.port = ntohs(address.address.v6.sin6_port);
  return endpoint;
}

std::optional<Endpoint> local_endpoint(int fd) {
  SocketAddress local;
  local.size = sizeof(local.address);
  if (::getsockname(fd, local.get(), &local.size) != 0) return std::nullopt;
  return to_endpoint(local);
}

bool is_wildcard(const Endpoint& endpoint) {
  if (is_ipv4(endpoint)) return endpoint.address == make_ipv4(0, 0).address;
  return endpoint.address == Endpoint{}.address;
}

bool is_loopback(const Endpoint& endpoint) {
  if (is_ipv4(endpoint)) return endpoint.address[kV4Offset] == 127;
  Endpoint loopback;
  loopback.address.back() = 1;
  return endpoint.address == loopback.address;
}

bool is_own_address(const Endpoint& endpoint) {
  // The system binds sockets to its own addresses only.
  const int family = family_of(endpoint);
  const auto address = to_socket_address({endpoint.address, 0}, family);
  const UniqueFd probe(::socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  return probe && address && ::bind(probe.get(), address->get(), address->size) == 0;
}

std::optional<Endpoint> parse_listen_endpoint(const std::string& text) {
  if (auto endpoint = parse_endpoint(text)) return endpoint;
  constexpr std::string_view kFree = ":0";
  if (text.size() < kFree.size() || text.substr(text.size() - kFree.size()) != kFree) {
    return std::nullopt;
  }
  auto endpoint = parse_endpoint(text.substr(0, text.size() - 1) + "1");
  if (endpoint) endpoint->port = 0;
  return endpoint;
}

std::optional<Endpoint> local_address_towards(const Endpoint& remote) {
  const int family = family_of(remote);
  const auto to = to_socket_address(remote, family);
  const UniqueFd probe(::socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!probe || !to || ::connect(probe.get(), to->get(), to->size) != 0) return std::nullopt;
  auto local = local_endpoint(probe.get());
  if (local) local->port = 0;
  return local;
}

}  // namespace macula::dht::quic
