#include "sim/study/gauge.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>

#include "base/check.h"
#include "base/text/suggest.h"
#include "sim/file/parse_call.h"
#include "sim/scenario/metric.h"

namespace macula::sim {
namespace {

constexpr std::string_view kMessages = "messages";
constexpr double kLargestTolerance = 10;

struct Figure {
  std::string_view name;
  double Summary::*value;
};
constexpr std::array<Figure, 9> kStatistics{{{"mean", &Summary::mean},
                                             {"min", &Summary::min},
                                             {"p50", &Summary::p50},
                                             {"p75", &Summary::p75},
                                             {"p90", &Summary::p90},
                                             {"p95", &Summary::p95},
                                             {"p99.9", &Summary::p99_9},
                                             {"p99", &Summary::p99},
                                             {"max", &Summary::max}}};

// A gauge has one of these.
double Summary::*figure_of(std::string_view statistic) {
  const auto* const figure =
      std::find_if(kStatistics.begin(), kStatistics.end(),
                   [&](const Figure& each) { return each.name == statistic; });
  MACULA_CHECK(figure != kStatistics.end());
  return figure->value;
}

// Rates are better if they are higher, and all else if it is lower, but for these.
constexpr std::array<std::string_view, 3> kRatesOfFailure{"error_rate", "value.stale",
                                                          "table.stale"};
constexpr std::array<std::string_view, 3> kNeither{"operations", "table.size", "answered"};

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Better better_of(const MetricInfo& metric) {
  if (is_one_of(kNeither, metric.name)) return Better::neither;
  const bool rate = metric.unit == "rate";
  return rate && !is_one_of(kRatesOfFailure, metric.name) ? Better::more : Better::less;
}

tl::unexpected<std::string> unknown(const Kit& kit, std::string_view name) {
  std::vector<std::string> names{std::string(kMessages)};
  for (const MetricInfo& info : kit.metrics) names.emplace_back(info.name);
  return tl::unexpected(
      fmt::format("unknown metric '{}'{}", name, suggestion(name, "there are", names)));
}

tl::expected<double, std::string> parse_tolerance(std::string_view text) {
  const bool percent = !text.empty() && text.back() == '%';
  const std::string_view number = percent ? text.substr(0, text.size() - 1) : text;
  double value = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (percent) value /= 100;
  const bool whole = error == std::errc() && end == number.data() + number.size();
  if (!whole || !std::isfinite(value) || value < 0 || value > kLargestTolerance) {
    return tl::unexpected(fmt::format("'{}' is no tolerance, as in 2% or 0.02", text));
  }
  return value;
}

}  // namespace

std::optional<double> Gauge::value_in(const RunResult& run) const {
  if (metric == kMessages) return static_cast<double>(run.messages);
  const auto found = run.metrics.find(metric);
  if (found == run.metrics.end() || found->second.count == 0) return std::nullopt;
  return found->second.*figure_of(statistic);
}

void Gauge::shift(RunResult& run, double by) const {
  if (metric == kMessages) {
    run.messages =
        static_cast<std::uint64_t>(std::max(static_cast<double>(run.messages) + by, 0.0));
    return;
  }
  const auto found = run.metrics.find(metric);
  if (found != run.metrics.end()) found->second.*figure_of(statistic) += by;
}

tl::expected<Gauge, std::string> parse_gauge(const Kit& kit, std::string_view text) {
  Gauge gauge;
  // A label may hold a colon, and stands in parentheses.
  const std::size_t closed = text.rfind(')');
  const std::size_t colon = text.find(':', closed == std::string_view::npos ? 0 : closed);
  if (colon != std::string_view::npos) {
    const auto tolerance = parse_tolerance(text.substr(colon + 1));
    if (!tolerance) return tl::unexpected(tolerance.error());
    gauge.tolerance = *tolerance;
    text = text.substr(0, colon);
  }
  gauge.name = text;
  if (text == kMessages) {
    gauge.metric = text;
    gauge.unit = "count";
    return gauge;
  }
  gauge.statistic = "mean";
  gauge.metric = text;
  bool stated = false;
  for (const Figure& each : kStatistics) {
    const std::string ending = "." + std::string(each.name);
    if (text.size() <= ending.size() || text.substr(text.size() - ending.size()) != ending)
      continue;
    gauge.statistic = each.name;
    stated = true;
    gauge.metric = text.substr(0, text.size() - ending.size());
    break;
  }
  // Results name a label without the quotes that a scenario may give it; theirs are names, too.
  const auto form = parse_call(gauge.metric);
  if (form && form->arguments.size() == 1 && form->arguments[0].name.empty()) {
    gauge.metric = fmt::format("{}({})", form->name, form->arguments[0].text);
  }
  const std::string_view name = std::string_view(gauge.metric).substr(0, gauge.metric.find('('));
  const MetricInfo* info = find_metric(kit, name);
  if (info == nullptr) return unknown(kit, name);
  if (needs_statistic(info->kind) && !stated) {
    return tl::unexpected(
        fmt::format("'{}' is a distribution: name a statistic, as in {}.p50", text, text));
  }
  gauge.unit = info->unit;
  gauge.better = better_of(*info);
  return gauge;
}

std::vector<Gauge> usual_gauges(const Kit& kit, const std::vector<RunResult>& runs) {
  std::set<std::string> have;
  for (const RunResult& run : runs) {
    for (const auto& [name, summary] : run.metrics) have.insert(name);
  }
  std::vector<std::string> names;
  for (const std::string& name : have) {
    if (name.rfind("success_rate(", 0) == 0) names.push_back(name);
  }
  for (const char* name : {"value.found", "lookup.recall.mean", "lookup.latency_ms.p50",
                           "lookup.latency_ms.p99", "node.maintenance_bytes_per_s.mean"}) {
    const auto gauge = parse_gauge(kit, name);
    if (gauge && have.count(gauge->metric) != 0) names.emplace_back(name);
  }
  names.emplace_back(kMessages);
  std::vector<Gauge> gauges;
  gauges.reserve(names.size());
  for (const std::string& name : names) gauges.push_back(*parse_gauge(kit, name));
  return gauges;
}

}  // namespace macula::sim
