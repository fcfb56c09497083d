// Fills in the placeholders of a step's texts (sim/scenario/placeholder.h).
//
//   TextFiller filler;
//   filler.fill("key-{zipf(200, 1.0)}", {repetition, mix(seed, step)});   // "key-0"
//
// The draw of a placeholder depends on `draws`, on its text, and on how many of the same stand
// before it in the text.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sim/engine/zipf.h"
#include "sim/scenario/placeholder.h"

namespace macula::sim {

class TextFiller {
 public:
  struct Occasion {
    std::uint64_t number = 0;  // of the repetition
    std::uint64_t draws = 0;   // what draws depend on
  };

  [[nodiscard]] std::string fill(const std::string& text, const Occasion& occasion);

 private:
  // The number of one that draws.
  [[nodiscard]] std::uint64_t drawn(const Placeholder& placeholder, std::uint64_t random);

  std::map<std::string, std::vector<TextPart>> parts_;  // of texts that have placeholders
  std::map<std::pair<std::uint32_t, Fixed>, Zipf> zipfs_;
};

}  // namespace macula::sim
