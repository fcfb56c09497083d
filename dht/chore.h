// The chores that a node does on its own, so that its table and its records stay what they should
// be.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace macula::dht {

enum class Chore : std::uint8_t {
  refresh,    // looks up an id in a bucket that has seen no lookup for long
  probe,      // pings a contact that has been silent for long
  republish,  // stores a record of this node's own again
  replicate,  // stores a record held here at the nodes closest to it
  expire,     // drops records whose time is over
};

inline constexpr std::size_t kChores = 5;

// "refresh": the name used in traces.
[[nodiscard]] constexpr std::string_view chore_name(Chore chore) {
  switch (chore) {
    case Chore::refresh:
      return "refresh";
    case Chore::probe:
      return "probe";
    case Chore::republish:
      return "republish";
    case Chore::replicate:
      return "replicate";
    case Chore::expire:
      return "expire";
  }
  return "unknown";
}

}  // namespace macula::dht
