// Which program this is: what results say they come from.
#pragma once

#include <string_view>

namespace macula::sim {

[[nodiscard]] std::string_view program_version();  // "0.1.0"
// The commit of the sources it was built from; where they had changes, with "+" and a hash of
// these. Outside of git "unknown".
[[nodiscard]] std::string_view program_commit();

}  // namespace macula::sim
