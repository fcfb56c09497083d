#include "sim/run/json_line.h"

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>

namespace macula::sim {
namespace {

bool is_plain(char c) {
  return c >= ' ' && c <= '~' && c != '"' && c != '\\';
}

// Eight at a time. Text that is not plain is never taken for plain.
bool are_plain(std::string_view text) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kHigh = 0x8080808080808080;
  constexpr std::size_t kWord = sizeof kOnes;
  if (text.size() < kWord) return std::all_of(text.begin(), text.end(), is_plain);
  const auto has = [](std::uint64_t word, char c) {
    const std::uint64_t differs = word ^ (kOnes * static_cast<std::uint8_t>(c));
    return (differs - kOnes) & ~differs;
  };
  // Below the space, above the tilde, and the two that are escaped.
  const auto bad_at = [&](const char* at) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, kWord);
    return (word - kOnes * ' ') | word | (word + kOnes) | has(word, '"') | has(word, '\\');
  };
  std::uint64_t bad = bad_at(text.data() + text.size() - kWord);  // with some of those before it
  for (std::size_t at = 0; at + kWord < text.size(); at += kWord) bad |= bad_at(text.data() + at);
  return (bad & kHigh) == 0;
}

}  // namespace

std::string_view escaped(std::string_view text, std::string& room) {
  if (are_plain(text)) return text;
  using Json = nlohmann::json;
  room = Json(std::string(text)).dump(-1, ' ', false, Json::error_handler_t::replace);
  return std::string_view(room).substr(1, room.size() - 2);
}

}  // namespace macula::sim
