#include "dht/quic/host/greeting.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

namespace macula::dht::quic::host {
namespace {

constexpr std::string_view kClient = "client";
constexpr std::string_view kLife = "life:";
constexpr std::string_view kRelay = "relay:";
constexpr std::string_view kDial = "dial:";
constexpr std::size_t kLongestLife = 64;  // characters; a longer one counts as none

// The text behind `name` in the first capability that begins with it.
std::optional<std::string_view> capability(const wire::Connect& connect, std::string_view name) {
  const auto found = std::find_if(
      connect.capabilities.begin(), connect.capabilities.end(),
      [&](const std::string& each) { return each.compare(0, name.size(), name) == 0; });
  if (found == connect.capabilities.end()) return std::nullopt;
  return std::string_view(*found).substr(name.size());
}

// 0 for what is no number.
std::uint64_t number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? value : 0;
}

}  // namespace

wire::Connect introduce(const Core& core, const Channel& channel) {
  const Contact self = core.book.contact(core.self);
  wire::Connect connect;
  connect.node_id = self.id;
  connect.realm_id = core.config.realm;
  connect.capabilities.push_back(std::string(kLife) + core.life);
  if (channel.dialled)
    connect.capabilities.push_back(std::string(kDial) + std::to_string(channel.dial));
  if (core.config.client) {
    connect.capabilities.emplace_back(kClient);
    return connect;
  }
  if (self.relay) connect.capabilities.push_back(std::string(kRelay) + id_to_hex(*self.relay));
  connect.endpoint = format_endpoint(self.endpoint);
  return connect;
}

tl::expected<Greeting, std::string> judge(const wire::Connect& connect, const NodeId& proven,
                                          Core& core) {
  if (!core.config.unbound && connect.node_id != proven) {
    return tl::unexpected("it claims the id " + id_to_hex(connect.node_id) + ", and its key is " +
                          id_to_hex(proven));
  }
  Greeting greeting;
  const auto life = capability(connect, kLife);
  if (life && life->size() <= kLongestLife) greeting.life = *life;
  if (const auto dial = capability(connect, kDial)) greeting.dial = number(*dial);
  const auto client = capability(connect, kClient);
  if (client && client->empty()) return greeting;
  // A host name, as Macula 0.8 may announce, is no address to send to.
  const auto endpoint = connect.endpoint ? parse_endpoint(*connect.endpoint) : std::nullopt;
  if (!endpoint) return greeting;
  Contact contact{connect.node_id, *endpoint, std::nullopt};
  if (const auto relay = capability(connect, kRelay)) contact.relay = id_from_hex(*relay);
  greeting.contact = core.book.intern(contact).value_or(kNoContact);
  return greeting;
}

}  // namespace macula::dht::quic::host
