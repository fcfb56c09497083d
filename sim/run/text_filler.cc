#include "sim/run/text_filler.h"

#include <string_view>

#include "base/hash.h"
#include "sim/engine/random.h"

namespace macula::sim {

std::string TextFiller::fill(const std::string& text, const Occasion& occasion) {
  if (text.find('{') == std::string::npos) return text;
  auto known = parts_.find(text);
  if (known == parts_.end()) known = parts_.emplace(text, *parts_of(text)).first;
  std::map<std::string_view, std::uint64_t> alike;
  std::string filled;
  for (const TextPart& part : known->second) {
    filled += part.text;
    if (!part.placeholder) continue;
    if (!draws(*part.placeholder)) {
      filled += std::to_string(counted(*part.placeholder, occasion.number));
      continue;
    }
    const std::uint64_t key = mix(occasion.draws, hash_bytes(part.source), alike[part.source]++);
    filled += std::to_string(drawn(*part.placeholder, draw(key)));
  }
  return filled;
}

std::uint64_t TextFiller::drawn(const Placeholder& placeholder, std::uint64_t random) {
  if (placeholder.kind == Placeholder::Kind::uniform) {
    return static_cast<std::uint64_t>((static_cast<Uint128>(random) * placeholder.count) >> 64);
  }
  const std::pair<std::uint32_t, Fixed> law{placeholder.count, placeholder.exponent};
  return zipfs_.try_emplace(law, law.first, law.second).first->second.sample(random);
}

}  // namespace macula::sim
