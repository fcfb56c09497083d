#include "sim/scenario/payload.h"

#include "base/check.h"
#include "base/hash.h"

namespace macula::sim {

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
