#include "sim/study/event_text.h"

#include <fmt/format.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>

#include "base/text/printable.h"

namespace macula::sim {
namespace {

using OrderedJson = nlohmann::ordered_json;
constexpr std::size_t kLongestLine = 4096;
constexpr std::int64_t kSecond = 1'000'000'000;

std::string plain(const OrderedJson& value) {
  return value.is_string() ? value.get<std::string>()
                           : value.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

std::string member(const OrderedJson& line, const char* key) {
  const auto found = line.find(key);
  return found == line.end() ? std::string() : plain(*found);
}

std::string ends_of(const OrderedJson& line) {
  std::string from = member(line, "from");
  const std::string to = member(line, "to");
  if (to.empty()) return from;
  return fmt::format("{} -> {}", from, to);
}

// Ids and keys, 64 hexadecimal digits, are told apart by the first few.
std::string shortened(std::string text) {
  constexpr std::size_t kId = 64;
  constexpr std::size_t kShown = 12;
  if (text.size() == kId && text.find_first_not_of("0123456789abcdef") == std::string::npos) {
    text.replace(kShown, std::string::npos, "..");
  }
  return text;
}

std::string rest_of(const OrderedJson& line) {
  static const std::set<std::string> shown{"t", "kind", "from", "to"};
  std::string rest;
  for (const auto& [key, value] : line.items()) {
    if (shown.count(key) != 0) continue;
    rest += fmt::format("{}{} {}", rest.empty() ? "" : ", ", key, shortened(plain(value)));
  }
  return rest;
}

}  // namespace

std::string event_text(std::string_view line) {
  const OrderedJson json =
      line.size() > kLongestLine ? OrderedJson() : OrderedJson::parse(line, nullptr, false);
  const auto time = json.is_object() ? json.find("t") : json.end();
  if (!json.is_object() || time == json.end() || !time->is_number_unsigned()) {
    return printable(line.substr(0, kLongestLine), Lines::one);
  }
  const auto ns = time->get<std::uint64_t>();
  const std::string when = fmt::format("{}.{:09}s", ns / kSecond, ns % kSecond);
  std::string text = fmt::format("{:>15}  {:<11}", when, member(json, "kind"));
  for (const std::string& part : {ends_of(json), rest_of(json)}) {
    if (!part.empty()) text += "  " + part;
  }
  return printable(text, Lines::one);
}

bool differ_in_form(const std::vector<std::string_view>& a,
                    const std::vector<std::string_view>& b) {
  if (a.empty() || b.empty()) return false;
  const OrderedJson of_a = OrderedJson::parse(a.front(), nullptr, false);
  const OrderedJson of_b = OrderedJson::parse(b.front(), nullptr, false);
  if (!of_a.is_object() || !of_b.is_object()) return false;
  std::size_t shared = 0;
  for (const auto& [key, value] : of_a.items()) {
    const auto other = of_b.find(key);
    if (other == of_b.end()) continue;
    if (*other != value) return false;
    ++shared;
  }
  return shared < of_a.size() || shared < of_b.size();
}

}  // namespace macula::sim
