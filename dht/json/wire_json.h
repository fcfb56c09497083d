// Wire values as JSON, for people, and back without loss.
//
//   std::string text = to_json(value);
//   auto read = value_from_json(text, depth);
//
// Bytes of 0x20 to 0x7e throughout appear as text unless they begin with "0x"; all others as "0x"
// and hex digits. That holds for the keys of maps, too. Floats keep their point: 5.0 is not 5.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "dht/wire/value.h"

namespace macula::dht::wire {

// One line of JSON, the keys of maps sorted.
[[nodiscard]] std::string to_json(const Value& value);

// The value that `text` describes, or what is wrong with it, for a person to read: bad JSON, an
// integer beyond 64 bits, a key given twice, "0x" not followed by hex digits, or lists and maps
// more than `max_depth` deep. Text beyond 0x20 to 0x7e is taken as its UTF-8 bytes.
[[nodiscard]] tl::expected<Value, std::string> value_from_json(std::string_view text,
                                                               std::size_t max_depth);

// At most the first 40 characters of `text`, those that cannot be printed replaced by '?'.
[[nodiscard]] std::string excerpt(std::string_view text);

}  // namespace macula::dht::wire
