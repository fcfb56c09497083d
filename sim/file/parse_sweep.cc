// [sweep].
#include <fmt/format.h>

#include "sim/file/parse_fields.h"
#include "sim/file/parse_sections.h"

namespace macula::sim {
namespace {

// The text that `--set` reads as this value again.
std::string override_text(const Value& value) {
  const bool bare = value.kind == Value::Kind::text && !parse_value(value.text);
  return bare ? value.text : render(value);
}

void read_axis(const Member& member, Problems& problems, Sweep& sweep) {
  SweepAxis axis{member.key, {}, member.place};
  if (member.value.kind != Value::Kind::list || member.value.items.empty()) {
    problems.at(member, fmt::format("`{}` takes a list of values, as in [1, 3, 10]", member.key));
    return;
  }
  for (const Value& value : member.value.items) axis.values.push_back(override_text(value));
  sweep.axes.push_back(std::move(axis));
}

}  // namespace

void read_sweep(const Value& root, Problems& problems, Scenario& scenario) {
  const Value* table = find(root, "sweep");
  if (table == nullptr || table->kind != Value::Kind::table) return;
  Fields fields(*table, problems);
  std::string seeds;
  if (fields.text("seeds", seeds)) {
    scenario.sweep.seeds = parse_seed_range(seeds);
    if (!scenario.sweep.seeds) {
      problems.at(*find(*table, "seeds"),
                  "`seeds` takes A..B, two numbers with A <= B, as in \"1..20\"");
    }
  }
  const Value* grid = fields.table("grid");
  if (grid == nullptr) return;
  for (const Member& member : grid->members) read_axis(member, problems, scenario.sweep);
}

}  // namespace macula::sim
