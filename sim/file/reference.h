// The reference of scenario files, as Markdown: scenarios/README.md shows these parts.
//
//   for (const ReferencePart& part : reference(schema)) std::cout << part.text;
#pragma once

#include <string>
#include <vector>

#include "sim/file/keys.h"

namespace macula::sim {

struct ReferencePart {
  std::string name;  // "top", "scenario", .., "at", "verbs", .., "metrics", "invariants", ..
  std::string text;  // whole lines
};

// A table each; of the verbs that have keys of their own a section each.
[[nodiscard]] std::vector<ReferencePart> reference(const Schema& schema);

}  // namespace macula::sim
