// `macula-sim`: the command line with the kit of Macula.

#include "sim/cli/command_line.h"
#include "sim/macula/kit.h"

int main(int argc, char** argv) {
  return macula::sim::run_command_line(macula::sim::macula_kit(), argc, argv);
}
