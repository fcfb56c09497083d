// The text of a comparison for people and scripts.
//
//     metric                          A       B   change          interval      p  verdict
//     lookup.latency_ms.p99       987ms   912ms   -7.6 %  -9.1 % to -6.0 %  0.002  better
//     ...
//     better: B is better than A
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/study/comparison.h"
#include "sim/study/diff_command.h"

namespace macula::sim {

// Both sides, as their settings say, and the file: for titles, and for the line that replays a
// seed.
struct Compared {
  std::string file;
  std::string a;  // "protocol.alpha=3"; empty: the file as it is
  std::string b;
  std::optional<DiffCommand> diff{};  // where it can be run
};

[[nodiscard]] std::vector<std::string> comparison_lines(const PairedComparison& comparison,
                                                        const Compared& compared);

// One object; schema 1.
[[nodiscard]] std::string comparison_json(const PairedComparison& comparison,
                                          const Compared& compared);

// A comment for a pull request. Names from files are shown as code, never as markup.
[[nodiscard]] std::string comparison_markdown(const PairedComparison& comparison,
                                              const Compared& compared);

// "worse: lookup.recall.mean".
[[nodiscard]] std::string conclusion(const PairedComparison& comparison);

}  // namespace macula::sim
