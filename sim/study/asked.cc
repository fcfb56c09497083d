#include "sim/study/asked.h"

#include "sim/study/json_fields.h"
#include "sim/study/sealed.h"
#include "sim/study/stored_run.h"
#include "sim/study/text.h"

namespace macula::sim {

Asked asked_of(const Batch& batch, std::string_view world) {
  Asked asked{this_program(), {}};
  const Scenario* last = nullptr;
  for (const Run& run : batch.runs) {
    if (run.scenario == last) {
      asked.runs.back().seeds.last = run.seed;
      continue;
    }
    last = run.scenario;
    asked.runs.push_back({last->name,
                          last->hash,
                          std::string(world),
                          {run.seed, run.seed},
                          last->file,
                          last->overrides});
  }
  return asked;
}

std::string asked_text(const Asked& asked) {
  nlohmann::ordered_json json;
  add_program(asked.program, json);
  json["asked"] = nlohmann::ordered_json::array();
  for (const AskedRuns& runs : asked.runs) {
    auto set = nlohmann::ordered_json::array();
    for (const auto& [key, value] : runs.overrides) {
      set.push_back(nlohmann::ordered_json::array({key, value}));
    }
    json["asked"].push_back({{"scenario", runs.scenario},
                             {"scenario_hash", digest_text(runs.scenario_hash)},
                             {"world", runs.world},
                             {"first_seed", runs.seeds.first},
                             {"last_seed", runs.seeds.last},
                             {"file", runs.file},
                             {"set", std::move(set)}});
  }
  return sealed(json);
}

tl::expected<Asked, std::string> read_asked(std::string_view text) {
  const auto json = unsealed(text);
  if (!json) return tl::unexpected(json.error());
  std::string wrong;
  const JsonFields file(*json, "", wrong);
  Asked asked;
  asked.program = read_program(file);
  std::uint64_t left = kMostRuns;
  for (const JsonFields& each : file.list("asked")) {
    AskedRuns runs;
    runs.scenario = each.text("scenario");
    runs.scenario_hash = each.hash("scenario_hash");
    runs.world = each.text("world");
    runs.seeds = {each.count("first_seed"), each.count("last_seed")};
    runs.file = each.text("file");
    runs.overrides = each.pairs("set");
    const std::uint64_t more = runs.seeds.last - runs.seeds.first;
    if (runs.seeds.last < runs.seeds.first || more >= left) {
      each.refuse("last_seed", "a range of seeds, of at most a million in all,");
      break;
    }
    left -= more + 1;
    asked.runs.push_back(std::move(runs));
  }
  if (!wrong.empty()) return tl::unexpected(wrong);
  return asked;
}

}  // namespace macula::sim
