// The known word that a mistyped one most likely meant, for error messages.
//
//   nearest("alhpa", {"k", "alpha"});  // "alpha"
#pragma once

#include <string_view>
#include <vector>

namespace macula {

// The word of least edit distance to `word` (insert, delete, replace, swap of neighbours); of
// equals the first. Empty where none is near enough to be meant: more than a third of its letters
// differ.
[[nodiscard]] std::string_view nearest(std::string_view word,
                                       const std::vector<std::string_view>& known);

}  // namespace macula
