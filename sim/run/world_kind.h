// In which world a scenario runs: what carries its messages, and how exact its times are.
//
//   RunOptions options;
//   options.world = virtual_world();       // the default; the others: sim/study/worlds.h
#pragma once

#include <string>
#include <string_view>

#include "base/time.h"

namespace macula::sim {

inline constexpr std::string_view kVirtual = "virtual";
inline constexpr std::string_view kVirtualQuic = "virtual-quic";
inline constexpr std::string_view kQuic = "quic";

struct WorldKind {
  std::string name;
  Duration tolerance{0};  // bounds on times are wider by this much
};

[[nodiscard]] inline WorldKind virtual_world() {
  return {std::string(kVirtual), Duration{0}};
}

}  // namespace macula::sim
