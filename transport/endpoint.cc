#include "transport/endpoint.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace macula::transport {
namespace {

constexpr std::array<std::uint8_t, 12> kMappedPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

// "[" address "]:" port.
static_assert(std::tuple_size_v<EndpointText> >= INET6_ADDRSTRLEN + 8);

}  // namespace

bool is_ipv4(const Endpoint& endpoint) {
  return std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), endpoint.address.begin());
}

Endpoint make_ipv4(std::uint32_t address, std::uint16_t port) {
  Endpoint endpoint;
  std::copy(kMappedPrefix.begin(), kMappedPrefix.end(), endpoint.address.begin());
  for (std::size_t i = 0; i < 4; ++i) {
    endpoint.address[12 + i] = static_cast<std::uint8_t>(address >> (24 - 8 * i));
  }
  endpoint.port = port;
  return endpoint;
}

bool is_routable(const Endpoint& endpoint) {
  if (endpoint.port == 0) return false;
  const auto& address = endpoint.address;
  if (is_ipv4(endpoint)) {
    const std::uint8_t first = address[kMappedPrefix.size()];
    return first != 0 && first < 224;  // "this network"; multicast, reserved and broadcast
  }
  const bool unspecified =
      std::all_of(address.begin(), address.end(), [](std::uint8_t byte) { return byte == 0; });
  return !unspecified && address[0] != 0xff;
}

std::uint64_t subnet_of(const Endpoint& endpoint) {
  const auto& bytes = endpoint.address;
  if (is_ipv4(endpoint)) {
    const unsigned first = bytes[12];
    const unsigned second = bytes[13];
    const bool own = first == 10 || first == 127 || (first == 172 && second >> 4 == 1) ||
                     (first == 192 && second == 168) || (first == 169 && second == 254);
    if (own) return 0;
    return std::uint64_t{1} << 24 | std::uint64_t{first} << 16 | std::uint64_t{second} << 8 |
           bytes[14];
  }
  std::uint64_t prefix = 0;
  for (std::size_t i = 0; i < 8; ++i) prefix = prefix << 8 | bytes[i];
  // fc00::/7 and fe80::/10; ::1 has the prefix 0.
  return prefix >> 57 == 0xfc >> 1 || prefix >> 54 == 0xfe80 >> 6 ? 0 : prefix;
}

Owner owner_of(const Endpoint& endpoint) {
  Owner owner = endpoint.address;
  if (!is_ipv4(endpoint) && is_public(endpoint)) std::fill(owner.begin() + 8, owner.end(), 0);
  return owner;
}

std::optional<Endpoint> parse_endpoint(std::string_view text) {
  static constexpr std::string_view kScheme = "https://";
  if (text.substr(0, kScheme.size()) == kScheme) text.remove_prefix(kScheme.size());
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;

  const std::string_view digits = text.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc{} || end != digits.data() + digits.size() || port == 0) {
    return std::nullopt;
  }

  std::string_view host = text.substr(0, colon);
  if (host.find('\0') != std::string_view::npos) return std::nullopt;  // would end it for inet_pton
  Endpoint endpoint;
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') {
    const std::string address(host.substr(1, host.size() - 2));
    if (inet_pton(AF_INET6, address.c_str(), endpoint.address.data()) != 1) return std::nullopt;
  } else {
    const std::string address(host);
    std::copy(kMappedPrefix.begin(), kMappedPrefix.end(), endpoint.address.begin());
    if (inet_pton(AF_INET, address.c_str(), endpoint.address.data() + 12) != 1) return std::nullopt;
  }
  endpoint.port = port;
  return endpoint;
}

std::string_view write_endpoint(const Endpoint& endpoint, EndpointText& text) {
  char* at = text.data();
  char* const end = at + text.size();
  if (is_ipv4(endpoint)) {
    for (std::size_t i = kMappedPrefix.size(); i < endpoint.address.size(); ++i) {
      at = std::to_chars(at, end, endpoint.address[i]).ptr;
      *at++ = i + 1 < endpoint.address.size() ? '.' : ':';
    }
  } else {
    *at++ = '[';
    inet_ntop(AF_INET6, endpoint.address.data(), at, INET6_ADDRSTRLEN);
    at += std::string_view(at).size();
    *at++ = ']';
    *at++ = ':';
  }
  at = std::to_chars(at, end, endpoint.port).ptr;
  return {text.data(), static_cast<std::size_t>(at - text.data())};
}

std::string format_endpoint(const Endpoint& endpoint) {
  EndpointText text;
  return std::string(write_endpoint(endpoint, text));
}

}  // namespace macula::transport
