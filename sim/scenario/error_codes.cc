#include "sim/scenario/error_codes.h"

#include <fmt/format.h>

#include <algorithm>

namespace macula::sim {

const std::vector<ErrorCodeInfo>& error_code_catalogue() {
  static const std::vector<ErrorCodeInfo> catalogue = {
      {"timeout", "No answer in time."},
      {"not_found", "No value, provider or procedure of this name."},
      {"refused", "The other side, or the own store, did not take it."},
      {"unreachable", "There is no way to the other side."},
      {"no_route", "A routed call came to a node that knows nobody closer to its destination."},
      {"max_hops_exceeded", "A routed call was passed on `max_hops` times."},
      {"bad_reply", "The answer belongs to another request."},
      {"invalid_args", "A procedure that computes was not given whole numbers `a` and `b`."},
      {"division_by_zero", "`divide` by 0."},
      {"overflow", "The result does not fit 64 bits."},
      {"cancelled", "Given up by its caller: `cancel_after`."},
      {"crashed", "The node that did it crashed."},
      {kOverdue, "Its own deadline passed within the run, and it did not end."},
  };
  return catalogue;
}

std::string check_error_code(std::string_view code) {
  const auto& catalogue = error_code_catalogue();
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
