// An error or an oddity of an input, its place, and the remedy.
#pragma once

#include <string>
#include <vector>

#include "base/text/place.h"

namespace macula {

struct Diagnostic {
  std::string file;
  Place place;
  std::string message;      // what is wrong, what was expected, what to do
  std::string source_line;  // the line itself; empty where there is none
  bool warning = false;     // the input can be used as it is
};

using Diagnostics = std::vector<Diagnostic>;

// "file:line:column: error: ..." (or warning), the source line and a caret, one after another, in
// order of place.
[[nodiscard]] std::string format(const Diagnostics& diagnostics);

}  // namespace macula
