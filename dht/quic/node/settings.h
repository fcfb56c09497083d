// The settings of a node from its options and its file of configuration: plain data, checked.
//
// Each key of the file has the name of its option; an option that is given wins over the file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "dht/contact/endpoint.h"
#include "dht/quic/node/remote.h"

namespace macula::dht::quic {

enum class Role : std::uint8_t { bootstrap, gateway, edge };

[[nodiscard]] std::string_view role_name(Role role);

inline constexpr std::uint16_t kNodePort = 9443;    // of Macula 0.8, UDP
inline constexpr std::uint16_t kHealthPort = 8080;  // of Macula 0.8, TCP
inline constexpr std::size_t kBootstrapMax = 64;

// A setting that was not given is empty.
struct Settings {
  std::optional<Endpoint> listen;    // port 0: a free one
  std::optional<Endpoint> announce;  // where others reach this node, if not at `listen`
  std::vector<Remote> bootstrap;
  std::optional<Role> role;
  std::optional<std::string> data;
  std::optional<Endpoint> health;
  std::optional<bool> unbound;  // peers may claim any id
  std::optional<std::string> profile;
};

// Sets the key, one of setting_names(); of a list, adds an element. The error says what was
// expected.
[[nodiscard]] tl::expected<void, std::string> set_setting(Settings& settings, std::string_view key,
                                                          const std::string& value);
[[nodiscard]] const std::vector<std::string>& setting_names();

// `over` where it says something, else `under`.
[[nodiscard]] Settings merge(Settings over, Settings under);

}  // namespace macula::dht::quic
