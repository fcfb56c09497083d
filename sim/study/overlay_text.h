// An overlay's figures for people, a line each.
#pragma once

#include <string>
#include <vector>

#include "sim/study/overlay_snapshot.h"

namespace macula::sim {

[[nodiscard]] std::vector<std::string> overlay_lines(const OverlaySnapshot& snapshot);

}  // namespace macula::sim
