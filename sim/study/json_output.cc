#include "sim/study/json_output.h"

#include <array>
#include <cmath>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>

#include "sim/study/text.h"
#include "sim/study/timeline_json.h"
#include "sim/study/version.h"

namespace macula::sim {
namespace {

using OrderedJson = nlohmann::ordered_json;

// Names come from files that need not be UTF-8; what is not is replaced, never thrown over.
std::string dump(const OrderedJson& json) {
  return json.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

OrderedJson measured(const std::optional<double>& number) {
  return number && std::isfinite(*number) ? OrderedJson(*number) : OrderedJson(nullptr);
}

constexpr std::array<const char*, 5> kComparisons{"equals", "at_least", "at_most", "between",
                                                  "near"};

// In the metric's unit; only those that there are.
OrderedJson bounds_of(const ExpectationResult& expectation) {
  OrderedJson json = {
      {"comparison", kComparisons[static_cast<std::size_t>(expectation.bounds.comparison)]}};
  if (expectation.bounds.comparison != Comparison::at_most) json["low"] = expectation.bounds.low;
  if (expectation.bounds.comparison != Comparison::at_least) json["high"] = expectation.bounds.high;
  return json;
}

OrderedJson to_json(const ExpectationResult& expectation) {
  return {{"name", expectation.name},
          {"line", expectation.line},
          {"verdict", expectation.passed ? "pass" : "fail"},
          {"expected", expectation.expected},
          {"measured", measured(expectation.measured)},
          {"metric", expectation.metric},
          {"unit", expectation.unit},
          {"bounds", bounds_of(expectation)},
          {"detail", expectation.detail}};
}

OrderedJson to_json(const std::vector<Remark>& remarks) {
  OrderedJson list = OrderedJson::array();
  for (const Remark& remark : remarks)
    list.push_back({{"line", remark.line}, {"text", remark.text}});
  return list;
}

OrderedJson to_json(const std::vector<BrokenInvariant>& violations) {
  OrderedJson list = OrderedJson::array();
  for (const BrokenInvariant& violation : violations) {
    list.push_back(
        {{"invariant", violation.invariant},
         {"node", violation.node.empty() ? OrderedJson(nullptr) : OrderedJson(violation.node)},
         {"virtual_ns", violation.virtual_ns},
         {"event", violation.event},
         {"what", violation.what}});
  }
  return list;
}

OrderedJson to_json(const Summary& summary) {
  return {{"count", summary.count}, {"mean", summary.mean}, {"min", summary.min},
          {"p50", summary.p50},     {"p75", summary.p75},   {"p90", summary.p90},
          {"p95", summary.p95},     {"p99", summary.p99},   {"p99.9", summary.p99_9},
          {"max", summary.max}};
}

}  // namespace

OrderedJson to_json(const RunResult& run) {
  OrderedJson expectations = OrderedJson::array();
  for (const ExpectationResult& expectation : run.expectations) {
    expectations.push_back(to_json(expectation));
  }
  OrderedJson metrics = OrderedJson::object();
  for (const auto& [name, summary] : run.metrics) {
    metrics[name] = to_json(summary);
    const auto bars = run.histograms.find(name);
    if (bars != run.histograms.end()) metrics[name]["histogram"] = to_json(bars->second);
  }
  OrderedJson overrides = OrderedJson::array();
  for (const auto& [key, value] : run.overrides) overrides.push_back(key + "=" + value);
  OrderedJson json = {{"scenario", run.scenario},
                      {"file", run.file},
                      {"seed", run.seed},
                      {"world", run.world},
                      {"profile", run.profile},
                      {"verdict", verdict_name(run)},
                      {"digest", digest_text(run.digest)},
                      {"virtual_ns", run.virtual_ns},
                      {"events", run.events},
                      {"messages", run.messages},
                      {"wall_ns", run.wall_ns},
                      {"expectations", std::move(expectations)},
                      {"metrics", std::move(metrics)},
                      {"labels_left_out", run.labels_left_out},
                      {"scenario_hash", digest_text(run.hash)},
                      {"set", std::move(overrides)}};
  if (!run.crash.empty()) json["crash"] = run.crash;
  if (!run.violations.empty()) json["violations"] = to_json(run.violations);
  if (run.violations_left_out != 0) json["violations_left_out"] = run.violations_left_out;
  if (run.watched < run.nodes) json["nodes_watched"] = run.watched;
  if (!run.stopped.empty()) json["stopped"] = run.stopped;
  if (!run.errors.empty()) json["errors"] = to_json(run.errors);
  if (!run.notes.empty()) json["notes"] = to_json(run.notes);
  if (!run.unfinished.empty()) json["unfinished"] = run.unfinished;
  if (run.timeline) json["timeline"] = to_json(*run.timeline);
  return json;
}

JsonOutput::JsonOutput(std::ostream& out) : out_(out) {
  const OrderedJson version = std::string(program_version());
  const OrderedJson commit = std::string(program_commit());
  out_ << R"({"schema":2,"version":)" << dump(version) << R"(,"commit":)" << dump(commit)
       << R"(,"runs":[)";
}

void JsonOutput::add(const RunResult& run) {
  out_ << (first_ ? "\n" : ",\n") << dump(to_json(run));
  out_.flush();
  first_ = false;
}

void JsonOutput::close(std::size_t left_out) {
  out_ << "\n]";
  if (left_out != 0) out_ << R"(,"left_out":)" << left_out;
  out_ << "}\n";
}

}  // namespace macula::sim
