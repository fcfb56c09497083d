// Which program this is: what results say they come from.
#pragma once

#include <string_view>

namespace macula::sim {

[[nodiscard]] std::string_view program_version();  // "0.1.0"
// Of the sources it was built from, with "+" where they had changes; "unknown" outside of git.
[[nodiscard]] std::string_view program_commit();

}  // namespace macula::sim
