// What a command ends with where its input is bad, its usage wrong or its output not writable.
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
