// [protocol]: the fields of dht::Protocol by name.
#pragma once

#include "base/text/document.h"
#include "dht/protocol.h"
#include "sim/file/parse_problems.h"

namespace macula::sim {

// Sets the fields that the table holds; `bucket_size` follows `k` where only `k` is set.
void read_protocol(const Value& table, Problems& problems, dht::Protocol& protocol);

// Every field as the value that read_protocol would take, with this origin.
[[nodiscard]] Value protocol_value(const dht::Protocol& protocol, const std::string& origin);

}  // namespace macula::sim
