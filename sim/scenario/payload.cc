#include "sim/scenario/payload.h"

#include <algorithm>

#include "base/check.h"
#include "base/hash.h"

namespace macula::sim {

std::size_t Payload::size(std::uint64_t random) const {
  if (!sizes) return bytes;
  const auto drawn = static_cast<std::uint64_t>(sizes->sample(random).count());
  return static_cast<std::size_t>(std::clamp<std::uint64_t>(drawn, least, bytes));
}

std::string made_up(std::size_t bytes, std::string_view subject) {
  static constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  constexpr unsigned kBitsALetter = 6;
  constexpr unsigned kLettersAWord = 10;
  const std::uint64_t start = hash_bytes(subject);
  std::string text(bytes, '\0');
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < bytes; ++i) {
    if (i % kLettersAWord == 0) word = mix(start, i);
    text[i] = kLetters[word % kLetters.size()];
    word >>= kBitsALetter;
  }
  return text;
}

std::string made_up_json(std::size_t bytes, std::string_view subject) {
  MACULA_CHECK(bytes >= 2);
  return '"' + made_up(bytes - 2, subject) + '"';
}

}  // namespace macula::sim
