// The file of a unit in a store: the result of its run and nothing else, so that whoever runs the
// unit, wherever, writes the same bytes.
//
//   std::string text = stored_text(unit, result);
//   auto read = read_stored(text);   // or why it is none, for a person
//
// It has the form of `run --json` (analysis/result.schema.json), without what does not follow from
// the unit: the time on the clock, the file's path, its lines, and how its keys were overridden.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "sim/scenario/result.h"
#include "sim/study/json_fields.h"
#include "sim/study/unit.h"

namespace macula::sim {

struct StoredRun {
  Unit unit;
  RunResult result;  // its file is empty, its lines are 0
};

[[nodiscard]] std::string stored_text(const Unit& unit, const RunResult& result);

[[nodiscard]] tl::expected<StoredRun, std::string> read_stored(std::string_view text);

// The result with what the scenario says of it: the file, its lines, how it was expected. The
// error: the scenario is another.
[[nodiscard]] tl::expected<RunResult, std::string> with_scenario(RunResult result,
                                                                 const Scenario& scenario);

// The members that say which program wrote a file.
void add_program(const Provenance& program, nlohmann::ordered_json& json);
[[nodiscard]] Provenance read_program(const JsonFields& fields);

}  // namespace macula::sim
