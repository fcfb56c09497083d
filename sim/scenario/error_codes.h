// The error codes with which an operation of a scenario may end, for `error_rate`: a row each of
// the kit, and those of every protocol.
//
//   kit.errors = {{"not_found", "No value of this name."}};
//   check_error_code(kit, "not_fuond");   // "no operation ends with the error code ..."
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace macula::sim {

struct ErrorCodeInfo {
  std::string_view code;
  std::string_view about;  // one sentence, as in scenarios/README.md
};

// An operation that the run's end cuts short has this in place of a code: it has not failed.
inline constexpr std::string_view kUnfinished = "unfinished";
// It should have ended by its own deadline, and the run went on.
inline constexpr std::string_view kOverdue = "overdue";

struct Kit;

// In the order of the documentation.
[[nodiscard]] std::vector<ErrorCodeInfo> error_codes(const Kit& kit);

// The error in a code of an expectation; empty: there is none.
[[nodiscard]] std::string check_error_code(const Kit& kit, std::string_view code);

}  // namespace macula::sim
