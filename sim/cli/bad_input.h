// The end of a command whose input is bad, whose usage is wrong or whose output cannot be written.
//
//   if (!file) return bad_input("report", file.error());
#pragma once

#include <string>
#include <string_view>

namespace macula::sim {

// Says it on standard error, in a line that begins with the program and the command. Returns
// kBadInput.
int bad_input(std::string_view command, const std::string& message);

}  // namespace macula::sim
