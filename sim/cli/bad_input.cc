#include "sim/cli/bad_input.h"

#include <iostream>

#include "sim/cli/exit_code.h"
#include "sim/scenario/program_name.h"

namespace macula::sim {

int bad_input(std::string_view command, const std::string& message) {
  std::cerr << program_name() << ' ' << command << ": " << message << '\n';
  return kBadInput;
}

}  // namespace macula::sim
