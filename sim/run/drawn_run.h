// The draws of a run: for each time that a step happened, the nodes it stood for and the texts that
// it said; and when churn took which node down and brought it back.
//
//   DrawnRun drawn;
//   options.drawn = &drawn;
//   run_scenario(scenario, seed, options);
//
// With it a scenario can be written down in which nothing is drawn: sim/study/freeze.h.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "sim/net/link.h"
#include "sim/run/turn.h"

namespace macula::sim {

struct DrawnTurn {
  // The acts of one node, or all those of a step without operations. Keys are those of the verb;
  // the two sides of a partition are `a` and `b`.
  struct Part {
    std::map<std::string_view, std::vector<NodeNumber>> nodes{};
    std::map<std::string_view, std::string> texts{};
    std::map<std::string_view, std::size_t> sizes{};
  };

  Turn turn;
  std::vector<Part> parts{};  // none: it found nobody
};

struct DrawnLife {
  Time time{};
  NodeNumber node = kNoNode;
  bool up = false;  // or down
};

struct DrawnChurn {
  std::vector<DrawnLife> lives{};
  bool held_back = false;  // some node began its first life later than its group
};

struct DrawnRun {
  std::vector<DrawnTurn> turns{};  // in the order in which they happened
  std::map<std::string, DrawnChurn> churn{};
};

}  // namespace macula::sim
