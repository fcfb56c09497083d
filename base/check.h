// Assertions that stay on, in every build.
//
//   MACULA_CHECK(count <= limit);
//
// A failed check is a bug of this program, never of its input: it prints what failed and where, and
// aborts. Bad input is reported through tl::expected or counted, and never reaches a check.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace macula {

[[noreturn]] inline void check_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: check failed: %s\n", file, line, condition);
  std::abort();
}

}  // namespace macula

#define MACULA_CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::macula::check_failed(#condition, __FILE__, __LINE__))
