// The arguments of each of the one-shot clients, and its work.
//
//   run_client(client_usage("ping"), arguments, command);
#pragma once

#include <string_view>
#include <vector>

#include "dht/quic/node/client_options.h"

namespace macula::dht::quic {

[[nodiscard]] const std::vector<ClientUsage>& client_usages();

// By its name, which must be one of them.
[[nodiscard]] const ClientUsage& client_usage(std::string_view name);

}  // namespace macula::dht::quic
