// In which world a scenario runs: what carries its messages, and how exact its times are.
//
//   RunOptions options;
//   options.world = virtual_world();       // the default; the others: sim/study/worlds.h
#pragma once

#include <string>

#include "base/time.h"
#include "sim/macula/net/network.h"

namespace macula::sim {

struct WorldKind {
  std::string name;
  NetworkFactory make_network;
  Duration tolerance{0};  // bounds on times are wider by this much
};

[[nodiscard]] WorldKind virtual_world();

}  // namespace macula::sim
