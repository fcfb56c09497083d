// Reads what a step stores or sends: a text, a table that is sent as JSON, or `{ bytes = "480KiB"
// }`.
#pragma once

#include <cstdint>
#include <string_view>

#include "sim/file/parse_fields.h"
#include "sim/scenario/payload.h"

namespace macula::sim {

// `record_bytes`: the most that any node takes as one record.
[[nodiscard]] Payload read_stored(Fields& fields, std::string_view key, std::uint64_t record_bytes);
// "{}" where the key does not stand there.
[[nodiscard]] Payload read_sent(Fields& fields, std::string_view key);

}  // namespace macula::sim
