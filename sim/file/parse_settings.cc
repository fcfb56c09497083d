#include <fmt/format.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "sim/file/parse_fields.h"
#include "sim/file/parse_protocol.h"
#include "sim/file/parse_sections.h"

namespace macula::sim {
namespace {

// In the order of the enumerators.
constexpr std::array<std::string_view, 2> kWireModes{"typed", "encoded"};
constexpr std::array<std::string_view, 2> kChunks{"whole", "random"};
constexpr std::array<std::string_view, 4> kTables{"joined", "ideal", "ring", "none"};
constexpr std::array<std::string_view, 2> kStorage{"nodes", "shared"};
constexpr std::array<std::string_view, 2> kReach{"direct", "relay"};
constexpr std::array<std::string_view, 2> kIdentity{"bound", "unbound"};
constexpr std::array<std::string_view, 2> kConnections{"cold", "warm"};
constexpr std::array<std::string_view, 2> kTies{"insertion", "shuffled"};

constexpr std::int64_t kEventsMax = 1'000'000'000'000;
constexpr std::size_t kAboutBytesMax = 1024;

void read_schema(Fields& fields, Problems& problems) {
  const DocumentValue* schema = find(fields.value(), "schema");
  if (schema == nullptr) return;
  if (schema->kind != DocumentValue::Kind::integer || schema->integer != 1) {
    problems.at(*schema, fmt::format("`schema` is 1, not {}: this program reads no other version",
                                     render(*schema)));
  }
}

void read_name(Fields& fields, Problems& problems, Scenario& scenario) {
  if (!fields.line("name", scenario.name, kNameBytesMax)) return;
  if (scenario.name.empty()) problems.at(*find(fields.value(), "name"), "`name` is empty");
}

void read_profile(Fields& fields, Problems& problems, Scenario& scenario) {
  // Where there is none of the name, what else is wrong is told of the default.
  const Profile* named = read_profile_name(*scenario.kit, fields.value(), problems);
  const Profile& profile = named != nullptr ? *named : scenario.kit->profiles.front();
  scenario.profile = profile.name;
  scenario.protocol = profile.parameters;
}

void read_modes(Fields& fields, Scenario& scenario) {
  fields.choice("wire", kWireModes, scenario.wire);
  fields.choice("chunks", kChunks, scenario.chunks);
  fields.choice("tables", kTables, scenario.tables);
  fields.choice("storage", kStorage, scenario.storage);
  fields.choice("reach", kReach, scenario.reach);
  fields.choice("identity", kIdentity, scenario.identity);
  fields.choice("connections", kConnections, scenario.connections);
  fields.choice("ties", kTies, scenario.ties);
  fields.boolean("record", scenario.record);
}

void read_fates(Fields& fields, Problems& problems, Scenario& scenario) {
  fields.line("fates", scenario.fates, kNameBytesMax);
  const DocumentValue* table = find(fields.value(), "fates_after");
  if (table == nullptr || table->kind != DocumentValue::Kind::table)
    return;  // reported with the keys
  FatesAfter after;
  Fields inner(*table, problems);
  if (inner.duration("t", after.t) && after.t > scenario.duration) {
    problems.at(*find(*table, "t"), "`t` is after the end of the run");
  }
  if (inner.line("salt", after.salt, kNameBytesMax) && after.salt.empty()) {
    problems.at(*find(*table, "salt"), "`salt` is empty");
  }
  scenario.fates_after = std::move(after);
}

}  // namespace

void read_settings(const DocumentValue& root, Problems& problems, Scenario& scenario) {
  scenario.protocol = scenario.kit->profiles.front().parameters;
  const DocumentValue* table = find(root, "scenario");
  if (table == nullptr || table->kind != DocumentValue::Kind::table) return;
  Fields fields(*table, problems);
  read_schema(fields, problems);
  read_name(fields, problems, scenario);
  fields.line("about", scenario.about, kAboutBytesMax);
  if (fields.duration("duration", scenario.duration) && scenario.duration.count() == 0) {
    problems.at(*find(*table, "duration"), "`duration` cannot be 0");
  }
  std::int64_t number = 0;
  if (fields.integer("seed", 0, std::numeric_limits<std::int64_t>::max(), number)) {
    scenario.seed = static_cast<std::uint64_t>(number);
  }
  if (fields.integer("max_events", 1, kEventsMax, number)) {
    scenario.max_events = static_cast<std::uint64_t>(number);
  }
  read_profile(fields, problems, scenario);
  read_modes(fields, scenario);
  read_fates(fields, problems, scenario);
  const DocumentValue* protocol = find(root, "protocol");
  if (protocol != nullptr && protocol->kind == DocumentValue::Kind::table) {
    read_protocol(*scenario.kit, *protocol, problems, scenario.protocol);
  }
}

}  // namespace macula::sim
