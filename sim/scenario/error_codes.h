// The error codes with which an operation of a scenario may end, for `error_rate`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace macula::sim {

struct ErrorCodeInfo {
  std::string_view code;
  std::string_view about;  // one sentence, as in scenarios/README.md
};

// What the run's end cut short: no failure, counted apart.
inline constexpr std::string_view kUnfinished = "unfinished";
// It should have ended by its own deadline, and the run went on.
inline constexpr std::string_view kOverdue = "overdue";

// In the order of the documentation.
[[nodiscard]] const std::vector<ErrorCodeInfo>& error_code_catalogue();

// What is wrong with a code that an expectation speaks of; empty: nothing.
[[nodiscard]] std::string check_error_code(std::string_view code);

}  // namespace macula::sim
