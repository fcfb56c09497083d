#include "sim/run/operation.h"

#include <array>
#include <cstddef>

namespace macula::sim {

std::string_view operation_name(OperationKind kind) {
  static constexpr std::array<std::string_view, 9> kNames = {
      "store", "find", "advertise", "discover", "call", "cast", "ping", "lookup", "withdraw"};
  return kNames[static_cast<std::size_t>(kind)];
}

}  // namespace macula::sim
