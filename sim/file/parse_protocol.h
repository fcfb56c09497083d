// [protocol] and `profile`: the parameters of the kit, by its rows (sim/scenario/parameter.h).
#pragma once

#include <any>
#include <string>
#include <string_view>

#include "base/text/document.h"
#include "sim/file/parse_problems.h"
#include "sim/scenario/kit.h"

namespace macula::sim {

// The profile that stands under `profile`; nullptr: there is none of the name, which is reported.
[[nodiscard]] const Profile* read_profile_name(const Kit& kit, const DocumentValue& table,
                                               Problems& problems);

// Sets the fields that the table holds, and those that follow them.
void read_protocol(const Kit& kit, const DocumentValue& table, Problems& problems,
                   std::any& parameters);

// Every field as the value that read_protocol would take, with this origin.
[[nodiscard]] DocumentValue protocol_value(const Kit& kit, const std::any& parameters,
                                           const std::string& origin);

}  // namespace macula::sim
