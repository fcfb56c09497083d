#include "sim/cli/json_output.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "sim/cli/text.h"

namespace macula::sim {
namespace {

using Json = nlohmann::ordered_json;

// Names come from files that need not be UTF-8; what is not is replaced, never thrown over.
std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json measured(const std::optional<double>& number) {
  return number && std::isfinite(*number) ? Json(*number) : Json(nullptr);
}

const char* verdict(bool passed) {
  return passed ? "pass" : "fail";
}

Json to_json(const ExpectationResult& expectation) {
  return {{"name", expectation.name},
          {"line", expectation.line},
          {"verdict", verdict(expectation.passed)},
          {"expected", expectation.expected},
          {"measured", measured(expectation.measured)}};
}

Json to_json(const std::vector<Remark>& remarks) {
  Json list = Json::array();
  for (const Remark& remark : remarks)
    list.push_back({{"line", remark.line}, {"text", remark.text}});
  return list;
}

Json to_json(const Summary& summary) {
  return {{"count", summary.count}, {"mean", summary.mean}, {"p50", summary.p50},
          {"p90", summary.p90},     {"p99", summary.p99},   {"max", summary.max}};
}

}  // namespace

Json to_json(const RunResult& run) {
  Json expectations = Json::array();
  for (const ExpectationResult& expectation : run.expectations) {
    expectations.push_back(to_json(expectation));
  }
  Json metrics = Json::object();
  for (const auto& [name, summary] : run.metrics) metrics[name] = to_json(summary);
  Json json = {{"scenario", run.scenario},
               {"file", run.file},
               {"seed", run.seed},
               {"world", run.world},
               {"profile", run.profile},
               {"verdict", verdict(run.passed)},
               {"digest", digest_text(run.digest)},
               {"virtual_ns", run.virtual_ns},
               {"events", run.events},
               {"messages", run.messages},
               {"wall_ns", run.wall_ns},
               {"expectations", std::move(expectations)},
               {"metrics", std::move(metrics)}};
  if (!run.stopped.empty()) json["stopped"] = run.stopped;
  if (!run.errors.empty()) json["errors"] = to_json(run.errors);
  if (!run.notes.empty()) json["notes"] = to_json(run.notes);
  if (!run.unfinished.empty()) json["unfinished"] = run.unfinished;
  return json;
}

JsonOutput::JsonOutput(std::ostream& out) : out_(out) {
  out_ << "{\"schema\":1,\"runs\":[";
}

void JsonOutput::add(const RunResult& run) {
  out_ << (first_ ? "\n" : ",\n") << dump(to_json(run));
  first_ = false;
}

void JsonOutput::close() {
  out_ << "\n]}\n";
}

}  // namespace macula::sim
