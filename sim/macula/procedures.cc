#include "sim/macula/procedures.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

namespace macula::sim {
namespace {

using dht::CallOutcome;
using dht::wire::CallError;
using nlohmann::json;

constexpr std::array<std::string_view, 6> kArithmetic = {"add",    "subtract", "multiply",
                                                         "divide", "max",      "min"};

CallOutcome arithmetic(std::string_view name, std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  bool overflow = false;
  if (name == "add") overflow = __builtin_add_overflow(a, b, &result);
  if (name == "subtract") overflow = __builtin_sub_overflow(a, b, &result);
  if (name == "multiply") overflow = __builtin_mul_overflow(a, b, &result);
  if (name == "divide") {
    if (b == 0) return CallError{"division_by_zero", "b is 0"};
    overflow = a == std::numeric_limits<std::int64_t>::min() && b == -1;
    if (!overflow) result = a / b;
  }
  if (name == "max") result = std::max(a, b);
  if (name == "min") result = std::min(a, b);
  if (overflow) return CallError{"overflow", "the result does not fit 64 bits"};
  return std::to_string(result);
}

}  // namespace

dht::CallOutcome compute(const std::string& procedure, const std::string& args) {
  const std::string_view name = std::string_view(procedure).substr(procedure.rfind('.') + 1);
  if (std::find(kArithmetic.begin(), kArithmetic.end(), name) == kArithmetic.end()) return args;

  const json parsed = json::parse(args, nullptr, /*allow_exceptions=*/false);
  const auto number = [&](const char* key) -> std::optional<std::int64_t> {
    if (!parsed.is_object()) return std::nullopt;
    const auto field = parsed.find(key);
    if (field == parsed.end() || !field->is_number_integer()) return std::nullopt;
    return field->get<std::int64_t>();
  };
  const auto a = number("a");
  const auto b = number("b");
  if (!a || !b) return CallError{"invalid_args", "expected whole numbers a and b"};
  return arithmetic(name, *a, *b);
}

}  // namespace macula::sim
