#include "dht/quic/node/remote.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "dht/quic/udp/socket_address.h"

namespace macula::dht::quic {
namespace {

constexpr std::size_t kNameMax = 253;  // RFC 1035, section 2.3.4
constexpr std::size_t kLabelMax = 63;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_name_character(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= kLabelMax && label.front() != '-' &&
         label.back() != '-' && std::all_of(label.begin(), label.end(), is_name_character);
}

bool is_host_name(std::string_view name) {
  if (!name.empty() && name.back() == '.') name.remove_suffix(1);  // the root may be named
  if (name.empty() || name.size() > kNameMax) return false;
  for (;;) {
    const std::size_t end = std::min(name.find('.'), name.size());
    const std::string_view label = name.substr(0, end);
    if (!is_label(label)) return false;
    if (end == name.size()) return !std::all_of(label.begin(), label.end(), is_digit);
    name.remove_prefix(end + 1);
  }
}

}  // namespace

tl::expected<Remote, std::string> parse_remote(const std::string& text) {
  Remote remote;
  remote.text = text;
  remote.endpoint = parse_endpoint(text);
  if (remote.endpoint && !is_wildcard(*remote.endpoint)) {
    remote.port = remote.endpoint->port;
    return remote;
  }
  const std::size_t colon = text.rfind(':');
  // The port is read as that of an address is.
  const auto port =
      colon == std::string::npos ? std::nullopt : parse_endpoint("127.0.0.1" + text.substr(colon));
  if (!remote.endpoint && port && is_host_name(std::string_view(text).substr(0, colon))) {
    remote.host = text.substr(0, colon);
    remote.port = port->port;
    return remote;
  }
  return tl::unexpected(
      fmt::format("expected ADDR:PORT or NAME:PORT of one machine, as in 192.0.2.7:9443 or "
                  "node.example:9443, not '{}'",
                  text));
}

}  // namespace macula::dht::quic
