// Whether a text has a part: for the tests of what is written for people.
#pragma once

#include <string>

namespace macula::sim {

inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace macula::sim
