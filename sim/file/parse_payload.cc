#include "sim/file/parse_payload.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "base/text/units.h"
#include "sim/file/parse_distribution.h"
#include "sim/file/parse_json.h"

namespace macula::sim {
namespace {

constexpr std::size_t kQuotes = 2;  // of a JSON text

std::string format_bytes(std::uint64_t bytes) {
  constexpr std::uint64_t kKiB = 1024;
  return bytes % kKiB == 0 ? fmt::format("{}KiB", bytes / kKiB) : fmt::format("{}B", bytes);
}

bool is_drawn(const DocumentValue& bytes) {
  return bytes.kind == DocumentValue::Kind::text && bytes.text.find('(') != std::string::npos;
}

// Sizes that are drawn, from `least` to what a frame holds.
Payload read_sizes(const DocumentValue& value, std::string_view key, std::size_t least,
                   Problems& problems) {
  const auto sizes = parse_size_distribution(value.text);
  if (!sizes) {
    problems.at(value, fmt::format("`{}`: {}", key, sizes.error()));
    return {};
  }
  return {{}, kPayloadBytesMax, least, *sizes};
}

// The size under `bytes`, where it is one, and a frame holds it. 0: it was reported.
std::size_t read_bytes(const DocumentValue& table, std::string_view key, std::size_t least,
                       Problems& problems) {
  std::uint64_t bytes = 0;
  if (!Fields(table, problems).size("bytes", bytes)) return 0;
  const DocumentValue& place = *find(table, "bytes");
  if (bytes < least) {
    problems.at(place, fmt::format("`{}`: write `bytes` from {}B", key, least));
    return 0;
  }
  if (bytes > kPayloadBytesMax) {
    problems.at(place, fmt::format("`{}`: {} is more than a frame holds: at most {}", key,
                                   format_bytes(bytes), format_bytes(kPayloadBytesMax)));
    return 0;
  }
  return static_cast<std::size_t>(bytes);
}

std::string json_of(const DocumentValue& table, std::string_view key, Problems& problems) {
  auto json = to_json(table);
  if (json && json->size() > kTextBytesMax) {
    json = tl::unexpected(
        std::string("too long to be written out: write `{ bytes = \"480KiB\" }` for a size alone"));
  }
  if (json) return *json;
  problems.at(table, fmt::format("`{}`: {}", key, json.error()));
  return "{}";
}

}  // namespace

Payload read_stored(Fields& fields, std::string_view key,
                    const std::optional<RecordLimit>& record) {
  const DocumentValue* value = find(fields.value(), key);
  Payload payload;
  if (value == nullptr || value->kind != DocumentValue::Kind::table) {
    fields.text(key, payload.text);
    return payload;
  }
  Problems& problems = fields.problems();
  if (value->members.size() != 1 || find(*value, "bytes") == nullptr) {
    problems.at(*value, fmt::format("`{}` is a text, or its size: write `{} = {{ bytes = "
                                    "\"480KiB\" }}`",
                                    key, key));
    return payload;
  }
  const DocumentValue& bytes = *find(*value, "bytes");
  if (is_drawn(bytes)) {
    payload = read_sizes(bytes, key, 1, problems);
    if (!record) return payload;
    const std::uint64_t most = record->bytes - std::min(record->beside, record->bytes);
    payload.bytes = std::max<std::size_t>(std::min<std::uint64_t>(payload.bytes, most), 1);
    return payload;
  }
  payload.bytes = read_bytes(*value, key, 1, problems);
  if (payload.bytes == 0 || !record) return payload;
  if (payload.bytes + record->beside > record->bytes) {
    problems.at(*find(*value, "bytes"),
                fmt::format("`{}`: {} is more than a node takes: at most {}B, as `record_bytes` of "
                            "[protocol] is {}, of which {} bytes are for what belongs to a value",
                            key, format_bytes(payload.bytes),
                            record->bytes - std::min(record->beside, record->bytes),
                            format_bytes(record->bytes), record->beside));
  }
  return payload;
}

Payload read_sent(Fields& fields, std::string_view key) {
  const DocumentValue* table = fields.table(key);
  if (table == nullptr) return {"{}"};
  if (find(*table, "bytes") == nullptr) return {json_of(*table, key, fields.problems())};
  if (table->members.size() != 1) {
    fields.problems().at(
        *find(*table, "bytes"),
        fmt::format("`{}`: `bytes` is the size of all of it, and stands alone", key));
    return {"{}"};
  }
  const DocumentValue& bytes = *find(*table, "bytes");
  if (is_drawn(bytes)) return read_sizes(bytes, key, kQuotes, fields.problems());
  return {{}, read_bytes(*table, key, kQuotes, fields.problems())};
}

}  // namespace macula::sim
