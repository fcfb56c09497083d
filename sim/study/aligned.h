// A table as lines of text: the first column to the left, all others to the right.
//
//   for (const std::string& line : aligned({{"label", "mean"}, {"beat", "41ms"}})) ...
#pragma once

#include <string>
#include <vector>

namespace macula::sim {

// Rows of as many cells each. Columns are as wide as characters on the screen take.
[[nodiscard]] std::vector<std::string> aligned(const std::vector<std::vector<std::string>>& rows);

}  // namespace macula::sim
