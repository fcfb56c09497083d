// "Did you mean": the known name nearest to a wrong one.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace macula {

// More candidates than this are not looked at: the search takes time for each.
inline constexpr std::size_t kCandidatesMax = 1000;

// The candidate with the smallest edit distance (insert, delete, replace, swap of neighbours), the
// first of equals; empty where none is near: more than a third of the word would have to change.
[[nodiscard]] std::string nearest(std::string_view word,
                                  const std::vector<std::string>& candidates);

// ", did you mean `k`?" or, with nothing near, what is known, as in "; [protocol] knows k, alpha";
// of a long list the first ones.
[[nodiscard]] std::string suggestion(std::string_view word, std::string_view known_as,
                                     const std::vector<std::string>& candidates);

}  // namespace macula
