// The file of configuration of `macula-node run`, in TOML:
//
//     listen = "192.0.2.1:9443"
//     bootstrap = ["192.0.2.7:9443", "192.0.2.8:9443"]
//     role = "edge"
//     data = "/var/lib/macula"
//     health = "127.0.0.1:8080"
//
// Its keys are the options of the command, see settings.h.
#pragma once

#include <string>
#include <tl/expected.hpp>

#include "base/text/diagnostic.h"
#include "dht/quic/node/settings.h"

namespace macula::dht::quic {

[[nodiscard]] tl::expected<Settings, Diagnostics> parse_config(const std::string& text,
                                                               const std::string& file);
[[nodiscard]] tl::expected<Settings, Diagnostics> read_config(const std::string& file);

}  // namespace macula::dht::quic
