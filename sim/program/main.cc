// `macula-sim`: the command line with the kit of Macula, and with its wire frames.

#include "sim/cli/command_line.h"
#include "sim/cli/frame/frame.h"
#include "sim/macula/kit.h"

int main(int argc, char** argv) {
  return macula::sim::run_command_line(macula::sim::macula_kit(), argc, argv,
                                       {macula::sim::frame_command()});
}
