#include "dht/quic/node/settings.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "base/check.h"
#include "base/text/suggest.h"
#include "dht/protocol.h"
#include "dht/quic/udp/socket_address.h"

namespace macula::dht::quic {
namespace {

using Error = tl::unexpected<std::string>;
using Read = tl::expected<void, std::string> (*)(Settings&, const std::string&);

constexpr std::array<std::string_view, 3> kRoles{"bootstrap", "gateway", "edge"};

tl::expected<Endpoint, std::string> read_listen(const std::string& text) {
  if (const auto endpoint = parse_listen_endpoint(text)) return *endpoint;
  return Error(fmt::format("expected ADDR:PORT, as in 127.0.0.1:9443, not '{}'", text));
}

tl::expected<Endpoint, std::string> read_remote(const std::string& text) {
  const auto endpoint = parse_endpoint(text);
  if (endpoint && !is_wildcard(*endpoint)) return *endpoint;
  return Error(
      fmt::format("expected ADDR:PORT of one machine, as in 127.0.0.1:9443, not '{}'", text));
}

tl::expected<void, std::string> put(tl::expected<Endpoint, std::string> from,
                                    std::optional<Endpoint>& to) {
  if (!from) return Error(from.error());
  to = *from;
  return {};
}

tl::expected<void, std::string> set_bootstrap(Settings& settings, const std::string& text) {
  const auto remote = parse_remote(text);
  if (!remote) return Error(remote.error());
  if (settings.bootstrap.size() == kBootstrapMax) {
    return Error(fmt::format("more than {} bootstrap nodes", kBootstrapMax));
  }
  settings.bootstrap.push_back(*remote);
  return {};
}

tl::expected<void, std::string> set_role(Settings& settings, const std::string& text) {
  for (std::size_t i = 0; i < kRoles.size(); ++i) {
    if (text == kRoles[i]) {
      settings.role = static_cast<Role>(i);
      return {};
    }
  }
  return Error(fmt::format("expected bootstrap, gateway or edge, not '{}'", text));
}

tl::expected<void, std::string> set_data(Settings& settings, const std::string& text) {
  if (text.empty()) return Error("expected the name of a folder");
  settings.data = text;
  return {};
}

tl::expected<void, std::string> set_identity(Settings& settings, const std::string& text) {
  if (text != "bound" && text != "unbound") {
    return Error(fmt::format("expected bound or unbound, not '{}'", text));
  }
  settings.unbound = text == "unbound";
  return {};
}

tl::expected<void, std::string> set_profile(Settings& settings, const std::string& text) {
  if (!find_profile(text)) {
    std::vector<std::string> names;
    for (const std::string_view name : profile_names()) names.emplace_back(name);
    return Error(
        fmt::format("no profile '{}'{}", text, suggestion(text, "the profiles are", names)));
  }
  settings.profile = text;
  return {};
}

constexpr std::array<std::pair<std::string_view, Read>, 8> kSettings{{
    {"listen",
     [](Settings& to, const std::string& text) { return put(read_listen(text), to.listen); }},
    {"announce",
     [](Settings& to, const std::string& text) { return put(read_remote(text), to.announce); }},
    {"bootstrap", set_bootstrap},
    {"role", set_role},
    {"data", set_data},
    {"health",
     [](Settings& to, const std::string& text) { return put(read_listen(text), to.health); }},
    {"identity", set_identity},
    {"profile", set_profile},
}};

template <typename T>
void fill(std::optional<T>& over, std::optional<T>& under) {
  if (!over) over = std::move(under);
}

}  // namespace

std::string_view role_name(Role role) {
  return kRoles[static_cast<std::size_t>(role)];
}

tl::expected<void, std::string> set_setting(Settings& settings, std::string_view key,
                                            const std::string& value) {
  for (const auto& [name, read] : kSettings) {
    if (name == key) return read(settings, value);
  }
  check_failed("a known setting", __FILE__, __LINE__);
}

const std::vector<std::string>& setting_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    all.reserve(std::size(kSettings));
    for (const auto& [name, read] : kSettings) all.emplace_back(name);
    return all;
  }();
  return names;
}

Settings merge(Settings over, Settings under) {
  fill(over.listen, under.listen);
  fill(over.announce, under.announce);
  if (over.bootstrap.empty()) over.bootstrap = std::move(under.bootstrap);
  fill(over.role, under.role);
  fill(over.data, under.data);
  fill(over.health, under.health);
  fill(over.unbound, under.unbound);
  fill(over.profile, under.profile);
  return over;
}

}  // namespace macula::dht::quic
