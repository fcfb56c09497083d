// The standard output of a program: std::cout, a line at a time, and an end that says whether all
// of it was written.
//
//   prepare_standard_streams();
//   std::cout << "heal.toml: ok\n";
//   return finish_standard_output("macula-sim", kPassed);
#pragma once

#include <string>
#include <string_view>

namespace macula {

// The exit code of output that cannot be written.
inline constexpr int kCannotWrite = 2;

// Before anything is opened or printed. Standard streams that are closed become ones that cannot be
// used, so that no file gets their numbers; a closed pipe, or a file that has grown too long, is an
// error of writing from then on, not the end of the program.
void prepare_standard_streams();

// Whether something could not be written.
[[nodiscard]] bool standard_output_failed();

// Writes out all that is printed so far. The error: why not all of it could be written; or empty.
[[nodiscard]] std::string flush_standard_output();

// From now on what cannot be written is no failure: for a program that stays, and does what it is
// there for though nobody reads what it says.
void forgo_standard_output();

// The exit code: `code`, or kCannotWrite, after a line that says so where `code` is another.
[[nodiscard]] int finish_standard_output(std::string_view program, int code);

}  // namespace macula
