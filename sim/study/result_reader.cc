#include "sim/study/result_reader.h"

#include "sim/study/timeline_json.h"

namespace macula::sim {
namespace {

Bounds read_bounds(const JsonFields& json) {
  Bounds bounds;
  bounds.comparison = static_cast<Comparison>(
      json.choice("comparison", {"equals", "at_least", "at_most", "between", "near"}));
  const bool has_low = bounds.comparison != Comparison::at_most;
  const bool has_high = bounds.comparison != Comparison::at_least;
  if (has_low) bounds.low = json.number("low");
  bounds.high = has_high ? json.number("high") : bounds.low;
  if (!has_low) bounds.low = bounds.high;
  return bounds;
}

ExpectationResult read_expectation(const JsonFields& json) {
  ExpectationResult read;
  read.name = json.text("name");
  read.passed = json.choice("verdict", {"pass", "fail"}) == 0;
  read.expected = json.text("expected");
  read.measured = json.number_or_null("measured");
  read.metric = json.text("metric");
  read.unit = json.text("unit");
  read.bounds = read_bounds(json.object("bounds"));
  read.detail = json.text("detail");
  return read;
}

Summary read_summary(const JsonFields& json) {
  Summary read;
  read.count = json.count("count");
  read.mean = json.number("mean");
  read.min = json.number("min");
  read.p50 = json.number("p50");
  read.p75 = json.number("p75");
  read.p90 = json.number("p90");
  read.p95 = json.number("p95");
  read.p99 = json.number("p99");
  read.p99_9 = json.number("p99.9");
  read.max = json.number("max");
  return read;
}

std::vector<Remark> read_remarks(const JsonFields& run, const char* list) {
  std::vector<Remark> remarks;
  if (!run.has(list)) return remarks;
  for (const JsonFields& json : run.list(list)) remarks.push_back({0, json.text("text")});
  return remarks;
}

std::vector<BrokenInvariant> read_violations(const JsonFields& run) {
  std::vector<BrokenInvariant> violations;
  if (!run.has("violations")) return violations;
  for (const JsonFields& json : run.list("violations")) {
    violations.push_back({json.text("invariant"), json.text_or_null("node").value_or(""),
                          json.text("what"), json.time("virtual_ns"), json.count("event")});
  }
  return violations;
}

}  // namespace

RunResult read_result(const JsonFields& run) {
  RunResult read;
  read.scenario = run.text("scenario");
  read.seed = run.count("seed");
  read.world = run.text("world");
  read.profile = run.text("profile");
  const std::size_t verdict = run.choice("verdict", {"pass", "fail", "crash", "violated"});
  read.passed = verdict == 0;
  read.digest = run.hash("digest");
  read.virtual_ns = run.time("virtual_ns");
  read.events = run.count("events");
  read.messages = run.count("messages");
  for (const JsonFields& json : run.list("expectations")) {
    read.expectations.push_back(read_expectation(json));
  }
  const JsonFields metrics = run.object("metrics");
  for (const std::string& name : metrics.names()) {
    const JsonFields metric = metrics.object(name);
    read.metrics[name] = read_summary(metric);
    if (metric.has("histogram")) {
      read.histograms[name] = read_histogram(metric.object("histogram"));
    }
  }
  read.labels_left_out = run.count("labels_left_out");
  read.hash = run.hash("scenario_hash");
  const bool crashed = run.has("crash");
  if (crashed) read.crash = run.text("crash");
  if (crashed != (verdict == 2) || crashed == read.crash.empty()) {
    run.refuse("verdict", "`crash` where there is a text of one, and nowhere else,");
  }
  read.violations = read_violations(run);
  if (run.has("violations_left_out")) read.violations_left_out = run.count("violations_left_out");
  if (verdict != 2 && read.violations.empty() == (verdict == 3)) {
    run.refuse("verdict", "`violated` where there are violations, and nowhere else,");
  }
  if (run.has("nodes_watched")) {
    read.watched = run.count("nodes_watched");
    read.nodes = read.watched + 1;  // more than are watched: how many stands nowhere
  }
  if (run.has("stopped")) read.stopped = run.text("stopped");
  read.errors = read_remarks(run, "errors");
  read.notes = read_remarks(run, "notes");
  if (run.has("unfinished")) {
    const JsonFields unfinished = run.object("unfinished");
    for (const std::string& label : unfinished.names()) {
      read.unfinished[label] = unfinished.count(label);
    }
  }
  if (run.has("timeline")) read.timeline = read_timeline(run.object("timeline"));
  return read;
}

}  // namespace macula::sim
