#include "sim/file/parse_protocol.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/text/suggest.h"
#include "sim/file/parse_fields.h"

namespace macula::sim {

const Profile* read_profile_name(const Kit& kit, const DocumentValue& table, Problems& problems) {
  std::string name;
  if (!Fields(table, problems).text("profile", name, kNameBytesMax)) return nullptr;
  if (const Profile* known = find_profile(kit, name)) return known;
  std::vector<std::string> known;
  for (const Profile& profile : kit.profiles) known.emplace_back(profile.name);
  problems.at(*find(table, "profile"),
              fmt::format("unknown profile `{}`{}", name, suggestion(name, "there are", known)));
  return nullptr;
}

void read_protocol(const Kit& kit, const DocumentValue& table, Problems& problems,
                   std::any& parameters) {
  Fields fields(table, problems);
  for (const Parameter& parameter : kit.parameters) parameter.read(fields, parameters);
  if (kit.follow != nullptr) kit.follow(table, parameters);
}

DocumentValue protocol_value(const Kit& kit, const std::any& parameters,
                             const std::string& origin) {
  DocumentValue table;
  for (const Parameter& parameter : kit.parameters) {
    DocumentValue value = parameter.write(parameters);
    value.origin = origin;
    set_member(table, std::string(parameter.key), std::move(value));
  }
  return table;
}

}  // namespace macula::sim
