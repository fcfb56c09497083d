// What happens to a node, a line of plain text each, on the standard error stream.
#pragma once

#include <string_view>

namespace macula::dht::quic {

void log(std::string_view line);

}  // namespace macula::dht::quic
