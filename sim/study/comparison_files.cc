#include "sim/study/comparison_files.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <nlohmann/json.hpp>

#include "base/text/printable.h"
#include "sim/study/junit_output.h"
#include "sim/study/quantity.h"

namespace macula::sim {
namespace {

constexpr std::size_t kNamesShown = 10;

struct ComparisonCases {
  std::string scenario;
  std::string text{};
  int tests = 0;
  int failures = 0;
  int skipped = 0;

  // `element`: "failure" or "skipped"; empty: it passed.
  void add(std::string_view name, std::string_view element, std::string_view message) {
    ++tests;
    text += fmt::format("    <testcase name=\"{}\" classname=\"{}\" time=\"0.000\"", xml_text(name),
                        xml_text(scenario));
    if (element.empty()) {
      text += "/>\n";
    } else if (element == "skipped") {
      ++skipped;
      text +=
          fmt::format(">\n      <skipped message=\"{}\"/>\n    </testcase>\n", xml_text(message));
    } else {
      ++failures;
      text += fmt::format(
          ">\n      <failure type=\"worse\" message=\"{0}\">{0}</failure>\n    </testcase>\n",
          xml_text(message));
    }
  }
};

std::string row_text(const ComparedRow& row) {
  return fmt::format("{}: A {}, B {}, adjusted p {:.2g}, worst seed {}", verdict_name(row.verdict),
                     short_text(row.a, row.gauge.unit), short_text(row.b, row.gauge.unit),
                     row.p_value, row.worst_seed);
}

std::string_view element_of(Verdict verdict) {
  if (verdict == Verdict::worse) return "failure";
  return verdict == Verdict::unsure ? "skipped" : "";
}

ComparisonCases cases_of(const NamedComparison& named) {
  ComparisonCases cases{named.names.file};
  for (const ComparedRow& row : named.comparison.rows) {
    cases.add(row.gauge.name, element_of(row.verdict), row_text(row));
  }
  std::string broken;
  for (const Broken& each : named.comparison.broken) {
    broken += fmt::format("{}seed {}: {}", broken.empty() ? "" : "\n", each.seed, each.what);
  }
  cases.add("what held in A holds in B", broken.empty() ? "" : "failure", broken);
  return cases;
}

Verdict worst_of(const std::vector<NamedComparison>& comparisons) {
  Verdict worst = Verdict::identical;
  for (const NamedComparison& named : comparisons) {
    worst = std::max(worst, named.comparison.verdict);
  }
  return worst;
}

}  // namespace

std::string overall(const std::vector<NamedComparison>& comparisons) {
  const Verdict worst = worst_of(comparisons);
  std::string names;
  std::size_t count = 0;
  for (const NamedComparison& named : comparisons) {
    if (named.comparison.verdict != worst) continue;
    if (++count <= kNamesShown) {
      names += (count == 1 ? "" : ", ") + printable(named.names.file, Lines::one);
    }
  }
  if (count > kNamesShown) names += ", ..";
  return fmt::format("{}: {} ({} of {} scenarios)", verdict_name(worst), names, count,
                     comparisons.size());
}

std::string comparisons_junit(const std::vector<NamedComparison>& comparisons) {
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  const std::time_t now = std::time(nullptr);
  int id = 0;
  for (const NamedComparison& named : comparisons) {
    const ComparisonCases cases = cases_of(named);
    text += fmt::format(
        "  <testsuite name=\"compare {0}\" tests=\"{1}\" failures=\"{2}\" errors=\"0\" "
        "skipped=\"{3}\" time=\"0.000\" timestamp=\"{4:%Y-%m-%dT%H:%M:%S}\" "
        "hostname=\"localhost\" package=\"{0}\" id=\"{5}\">\n    <properties>\n",
        xml_text(named.names.file), cases.tests, cases.failures, cases.skipped, fmt::gmtime(now),
        id++);
    for (const auto& [name, value] :
         {std::pair<const char*, std::string>{"A", named.names.a},
          {"B", named.names.b},
          {"verdict", std::string(verdict_name(named.comparison.verdict))}}) {
      text += fmt::format("      <property name=\"{}\" value=\"{}\"/>\n", name, xml_text(value));
    }
    text += "    </properties>\n" + cases.text + "    <system-out>";
    for (const std::string& line : comparison_lines(named.comparison, named.names)) {
      text += xml_text(line) + "\n";
    }
    text += "</system-out>\n    <system-err/>\n  </testsuite>\n";
  }
  return text + "</testsuites>\n";
}

std::string comparisons_json(const std::vector<NamedComparison>& comparisons) {
  if (comparisons.size() == 1) {
    return comparison_json(comparisons[0].comparison, comparisons[0].names);
  }
  using OrderedJson = nlohmann::ordered_json;
  OrderedJson list = OrderedJson::array();
  for (const NamedComparison& named : comparisons) {
    list.push_back(OrderedJson::parse(comparison_json(named.comparison, named.names)));
  }
  const OrderedJson json = {
      {"schema", 1}, {"comparisons", list}, {"verdict", verdict_name(worst_of(comparisons))}};
  return json.dump(2) + "\n";
}

}  // namespace macula::sim
