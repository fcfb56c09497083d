// `macula-node run`: a node that stays.
#pragma once

#include <string>
#include <vector>

namespace macula::dht::quic {

// The exit code.
[[nodiscard]] int run_node(const std::vector<std::string>& arguments);

}  // namespace macula::dht::quic
