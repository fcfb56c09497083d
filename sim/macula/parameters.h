// Macula's part of [protocol]: dht::Protocol, by rows in the order of dht/protocol.h, and its
// profiles.
#pragma once

#include <any>
#include <vector>

#include "base/text/document.h"
#include "sim/scenario/kit.h"
#include "sim/scenario/parameter.h"

namespace macula::sim {

[[nodiscard]] std::vector<Parameter> macula_parameters();
// The default first.
[[nodiscard]] std::vector<Profile> macula_profiles();
// Sets the parameters that follow others: `bucket_size` follows `k` where only `k` is given, and
// the intervals of maintenance `ttl`.
void follow_parameters(const DocumentValue& given, std::any& parameters);
[[nodiscard]] RecordLimit record_limit(const std::any& parameters);

}  // namespace macula::sim
