// Runs `macula-sim` as a user does.
//
//   TempFolder folder;
//   folder.write("a.toml", text);
//   Output output = run_program({"run", folder.path("a.toml")});
#pragma once

#include <string>
#include <vector>

#include "tests/temp_folder.h"

namespace macula::sim {

struct Output {
  int code = -1;  // exit code; -1 where a signal ended it
  std::string out;
  std::string err;
};

[[nodiscard]] Output run_program(const std::vector<std::string>& arguments);

// Two nodes that ping each other, with an expectation that holds or does not.
[[nodiscard]] std::string scenario_text(const std::string& name, bool holds);

}  // namespace macula::sim
