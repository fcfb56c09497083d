#include "sim/study/stored_run.h"

#include <fmt/format.h>

#include "sim/run/replay.h"
#include "sim/study/json_output.h"
#include "sim/study/result_reader.h"
#include "sim/study/sealed.h"
#include "sim/study/text.h"

namespace macula::sim {
namespace {

constexpr const char* kReplay = "\nreplay: ";

void erase_lines(nlohmann::ordered_json& run, const char* list) {
  if (!run.contains(list)) return;
  for (auto& item : run[list]) item.erase("line");
}

// Without the path of the file, and the command that has it.
std::string crash_text(const RunResult& result) {
  std::string text = result.crash.substr(0, result.crash.rfind(kReplay));
  const std::string path = " (" + result.file + ")";
  for (std::size_t at = text.find(path); at != std::string::npos; at = text.find(path, at)) {
    text.erase(at, path.size());
  }
  return text;
}

}  // namespace

void add_program(const Provenance& program, nlohmann::ordered_json& json) {
  json["version"] = program.version;
  json["commit"] = program.commit;
  json["fates_version"] = program.fates_version;
}

Provenance read_program(const JsonFields& fields) {
  return {fields.text("version"), fields.text("commit"), fields.count("fates_version")};
}

std::string stored_text(const Unit& unit, const RunResult& result) {
  nlohmann::ordered_json run = to_json(result);
  for (const char* key : {"file", "wall_ns", "set"}) run.erase(key);
  for (const char* list : {"expectations", "errors", "notes"}) erase_lines(run, list);
  if (!result.crash.empty()) run["crash"] = crash_text(result);
  nlohmann::ordered_json json;
  json["unit"] = unit_name(unit);
  add_program(unit.program, json);
  json["runs"] = nlohmann::ordered_json::array({std::move(run)});
  return sealed(json);
}

tl::expected<StoredRun, std::string> read_stored(std::string_view text) {
  const auto json = unsealed(text);
  if (!json) return tl::unexpected(json.error());
  std::string wrong;
  const JsonFields file(*json, "", wrong);
  StoredRun stored;
  stored.unit.program = read_program(file);
  const std::string name = file.text("unit");
  const std::vector<JsonFields> runs = file.list("runs");
  if (wrong.empty() && runs.size() != 1) {
    return tl::unexpected(fmt::format("it holds {} runs in place of one", runs.size()));
  }
  if (!runs.empty()) stored.result = read_result(runs.front());
  if (!wrong.empty()) return tl::unexpected(wrong);
  stored.unit.scenario_hash = stored.result.hash;
  stored.unit.world = stored.result.world;
  stored.unit.seed = stored.result.seed;
  if (unit_name(stored.unit) != name) {
    return tl::unexpected(fmt::format("it says that it is unit {}, and is {}", name.substr(0, 64),
                                      unit_name(stored.unit)));
  }
  return stored;
}

tl::expected<RunResult, std::string> with_scenario(RunResult result, const Scenario& scenario) {
  const bool ended = result.crash.empty();
  if (result.hash != scenario.hash ||
      (ended && result.expectations.size() != scenario.expectations.size())) {
    return tl::unexpected("it is of another scenario than " + scenario.file);
  }
  result.file = scenario.file;
  result.overrides = scenario.overrides;
  result.record = scenario.record;
  for (std::size_t i = 0; i < result.expectations.size(); ++i) {
    if (i == scenario.expectations.size()) break;
    const Expectation& expectation = scenario.expectations[i];
    ExpectationResult& read = result.expectations[i];
    read.line = expectation.place.line;
    read.nodes = expectation.nodes.has_value();
    if (expectation.comparison == Comparison::near) {
      read.near = Near{expectation.value, expectation.gate};
    }
  }
  if (!ended) {
    result.crash +=
        kReplay + replay_command(result.file, result.seed, result.world, result.overrides);
  }
  return result;
}

}  // namespace macula::sim
