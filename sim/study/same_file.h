// Whether files that are to be written are one another, or files that are read.
//
//   if (const std::string wrong = clash({{"--json", "a.json"}}, {"a.toml"}); !wrong.empty()) ...
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace macula::sim {

// The first clash between `outputs` (what each is for, and its path) or of one with an input, for a
// person; empty: none. Links and different spellings of one path are seen through; devices and "-"
// may be used several times.
[[nodiscard]] std::string clash(const std::vector<std::pair<std::string, std::string>>& outputs,
                                const std::vector<std::string>& inputs);

}  // namespace macula::sim
