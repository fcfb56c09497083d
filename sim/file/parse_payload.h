// Reads what a step stores or sends: a text, a table that is sent as JSON, or `{ bytes = "480KiB"
// }`.
#pragma once

#include <optional>
#include <string_view>

#include "sim/file/parse_fields.h"
#include "sim/scenario/kit.h"
#include "sim/scenario/payload.h"

namespace macula::sim {

// `record`: what a node takes as one record; nothing: whatever there is room for.
[[nodiscard]] Payload read_stored(Fields& fields, std::string_view key,
                                  const std::optional<RecordLimit>& record);
// "{}" where the key does not stand there.
[[nodiscard]] Payload read_sent(Fields& fields, std::string_view key);

}  // namespace macula::sim
