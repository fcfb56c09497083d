// Assertions that stay on, in every build.
//
//   MACULA_CHECK(count <= limit);
//
// A failed check is a bug of this program, never of its input: it says what failed, where, and what
// the thread was about, and ends the program; or only the run that it happened in, where that is
// contained (base/check_context.h). Bad input is reported through tl::expected or counted, and
// never reaches a check.
#pragma once

namespace macula {

// Prints the failure to the error stream; then as described in base/check_context.h.
[[noreturn]] void check_failed(const char* condition, const char* file, int line);

}  // namespace macula

#define MACULA_CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::macula::check_failed(#condition, __FILE__, __LINE__))
