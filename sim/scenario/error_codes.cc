#include "sim/scenario/error_codes.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/scenario/kit.h"

namespace macula::sim {

std::vector<ErrorCodeInfo> error_codes(const Kit& kit) {
  std::vector<ErrorCodeInfo> codes = kit.errors;
  codes.push_back({"crashed", "The node that did it crashed."});
  codes.push_back({kOverdue, "Its own deadline passed within the run, and it did not end."});
  return codes;
}

std::string check_error_code(const Kit& kit, std::string_view code) {
  const std::vector<ErrorCodeInfo> catalogue = error_codes(kit);
  if (std::any_of(catalogue.begin(), catalogue.end(),
                  [&](const ErrorCodeInfo& info) { return info.code == code; })) {
    return {};
  }
  if (code == kUnfinished) {
    return "what the end of the run cuts short has not failed: ask for `unfinished(label)`";
  }
  std::string codes;
  for (const ErrorCodeInfo& info : catalogue) {
    codes += (codes.empty() ? "" : ", ") + std::string(info.code);
  }
  return fmt::format("no operation ends with the error code `{}`: there are {}", code, codes);
}

}  // namespace macula::sim
