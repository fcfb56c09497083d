#include "sim/file/inputs.h"

#include <algorithm>
#include <string_view>

#include "base/hash.h"
#include "base/text/units.h"
#include "sim/file/csv_problems.h"
#include "sim/file/derived.h"
#include "sim/file/files.h"
#include "sim/file/identities.h"
#include "sim/file/parse_protocol.h"

namespace macula::sim {
namespace {

// A file's name becomes the hash of what it holds.
void take_file(DocumentValue& table, std::string_view key, const std::string& path,
               Scenario& scenario) {
  DocumentValue* name = find(table, key);
  if (name == nullptr || name->kind != DocumentValue::Kind::text) return;
  const std::string file = find_beside(path, name->text);
  const auto text = read_file(file, kCsvBytesMax);
  if (!text) return;
  scenario.inputs.push_back(file);
  name->kind = DocumentValue::Kind::integer;
  name->integer = static_cast<std::int64_t>(hash_bytes(*text));
}

// One text for all ways to write a quantity.
void normalise(DocumentValue& value) {
  for (DocumentValue& item : value.items) normalise(item);
  if (value.kind != DocumentValue::Kind::text) return;
  const std::size_t slash = value.text.size() > 2 ? value.text.rfind("/s") : std::string::npos;
  const bool speed = slash != std::string::npos && slash + 2 == value.text.size();
  if (const auto duration = parse_duration(value.text)) {
    value.text = format_duration(*duration);
  } else if (const auto size = parse_size(speed ? value.text.substr(0, slash) : value.text)) {
    value.text = format_size(*size) + (speed ? "/s" : "");
  } else if (const auto share = parse_share(value.text)) {
    value.text = std::to_string(*share) + "ppm";
  }
}

bool holds_quantities(const KeyInfo& info) {
  return info.type == "duration" || info.type == "[duration, duration]" || info.type == "share" ||
         info.type.substr(0, 4) == "size" || info.type.substr(0, 5) == "bound" ||
         info.type == "[bound, bound]";
}

void normalise_table(DocumentValue& table, std::string_view form, const Schema& schema) {
  for (DocumentMember& member : table.members) {
    const KeyInfo* info = schema.find(form, member.key);
    if (info == nullptr) continue;
    if (holds_quantities(*info)) normalise(member.value);
    if (info->inner.empty()) continue;
    if (member.value.kind == DocumentValue::Kind::table)
      normalise_table(member.value, info->inner, schema);
    for (DocumentValue& item : member.value.items) normalise_table(item, info->inner, schema);
  }
}

}  // namespace

void take_inputs(const DocumentValue& root, const Schema& schema, const std::string& path,
                 Scenario& scenario) {
  DocumentValue resolved = root;
  std::erase_if(resolved.members,
                [](const DocumentMember& member) { return member.key == "sweep"; });
  normalise_table(resolved, "", schema);
  name_steps(resolved, scenario);  // before a profile's values come into it
  if (DocumentValue* table = find(resolved, "scenario")) {
    std::erase_if(table->members,
                  [](const DocumentMember& member) { return member.key == "seed"; });
  }
  if (DocumentValue* table = find(resolved, "latency")) take_file(*table, "matrix", path, scenario);
  if (DocumentValue* churn = find(resolved, "churn")) {
    for (DocumentMember& member : churn->members) take_file(member.value, "trace", path, scenario);
  }
  fill_derived(scenario, resolved);
  for (const auto& [name, protocol] : scenario.other_profiles) {
    set_member(resolved, "profile." + name, protocol_value(*scenario.kit, protocol, {}));
  }
  normalise_table(resolved, "", schema);
  scenario.hash = hash_bytes(render(resolved));
}

}  // namespace macula::sim
