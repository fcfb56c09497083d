#include "sim/scenario/inputs.h"

#include <algorithm>
#include <string_view>

#include "base/hash.h"
#include "sim/scenario/csv_problems.h"
#include "sim/scenario/files.h"

namespace macula::sim {
namespace {

// A file's name becomes the hash of what it holds.
void take_file(Value& table, std::string_view key, const std::string& path, Scenario& scenario) {
  Value* name = find(table, key);
  if (name == nullptr || name->kind != Value::Kind::text) return;
  const std::string file = find_beside(path, name->text);
  const auto text = read_file(file, kCsvBytesMax);
  if (!text) return;
  scenario.inputs.push_back(file);
  name->kind = Value::Kind::integer;
  name->integer = static_cast<std::int64_t>(hash_bytes(*text));
}

}  // namespace

void take_inputs(const Value& root, const std::string& path, Scenario& scenario) {
  Value resolved = root;
  if (Value* table = find(resolved, "scenario")) {
    std::erase_if(table->members, [](const Member& member) { return member.key == "seed"; });
  }
  if (Value* table = find(resolved, "latency")) take_file(*table, "matrix", path, scenario);
  if (Value* churn = find(resolved, "churn")) {
    for (Member& member : churn->members) take_file(member.value, "trace", path, scenario);
  }
  scenario.hash = hash_bytes(render(resolved));
}

}  // namespace macula::sim
