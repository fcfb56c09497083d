// The simulator, for rumours:
//
//   gossip run partition.toml --seeds 1..20
//   gossip explain partition.toml

#include "kit.h"
#include "sim/cli/command_line.h"

int main(int argc, char** argv) {
  return macula::sim::run_command_line(gossip::gossip_kit(), argc, argv);
}
