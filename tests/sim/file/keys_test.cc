// The documentation and the program say the same: scenarios/README.md against the catalogues.
#include "sim/file/keys.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "sim/file/files.h"
#include "sim/file/parse.h"
#include "sim/file/parse_distribution.h"
#include "sim/file/selector_parse.h"
#include "sim/scenario/error_codes.h"
#include "sim/scenario/metric.h"
#include "tests/places.h"

namespace macula::sim {
namespace {

const std::string kReadme = std::string(source_dir()) + "/scenarios/README.md";

using Row = std::vector<std::string>;

// The rows of the tables under each heading, each row its cells.
std::map<std::string, std::vector<Row>> read_tables() {
  std::map<std::string, std::vector<Row>> tables;
  std::istringstream in(*read_file(kReadme, 1 << 20));
  std::string heading;
  std::string line;
  while (std::getline(in, line)) {
    if (line.rfind('#', 0) == 0) heading = line.substr(line.find(' ') + 1);
    if (line.rfind("| ", 0) != 0) continue;
    Row row;
    std::size_t begin = 2;
    for (std::size_t end = 0; (end = line.find(" |", begin)) != std::string::npos;
         begin = end + 3) {
      row.push_back(line.substr(begin, end - begin));
    }
    tables[heading].push_back(row);
  }
  for (auto& [name, rows] : tables) rows.erase(rows.begin());  // the names of the columns
  return tables;
}

std::string code(std::string_view text) {
  return "`" + std::string(text) + "`";
}

std::string heading_of(std::string_view table) {
  if (table.empty()) return "The top of the file";
  if (table == "join" || table == "fates_after") return code(table);
  if (table.rfind("at.", 0) == 0) return code(table.substr(3));
  const bool repeated = table == "node" || table == "group" || table == "at" || table == "expect";
  return repeated ? "`[[" + std::string(table) + "]]`" : "`[" + std::string(table) + "]`";
}

std::string default_of(const KeyInfo& info) {
  if (info.required) return "required";
  return info.fallback.empty() ? std::string(info.fallback_about) : code(info.fallback);
}

TEST(Documentation, EveryKeyStandsThereAndNoOther) {
  auto tables = read_tables();
  std::map<std::string, std::vector<Row>> expected;
  for (const KeyInfo& info : key_catalogue()) {
    if (info.key == "*") continue;
    expected[heading_of(info.table)].push_back({code(info.key), std::string(info.type),
                                                default_of(info), code(info.example),
                                                std::string(info.about)});
  }
  for (const char* other : {"Units", "Distributions", "Node selectors", "Metrics", "Error codes"}) {
    EXPECT_EQ(tables.erase(other), 1U) << other;
  }
  for (const auto& [heading, rows] : expected) EXPECT_EQ(tables[heading], rows) << heading;
  EXPECT_EQ(tables.size(), expected.size());
}

TEST(Documentation, EveryVerbHasAKeyInAt) {
  std::set<std::string_view> verbs(verb_names().begin(), verb_names().end());
  EXPECT_EQ(verbs.size(), std::variant_size_v<Verb>);
  for (const std::string_view verb : verbs) EXPECT_NE(find_key("at", verb), nullptr) << verb;
}

TEST(Documentation, EveryMetricSelectorAndDistributionStandsThereAndNoOther) {
  auto tables = read_tables();
  std::vector<Row> metrics;
  for (const MetricInfo& info : metric_catalogue()) {
    metrics.push_back({std::string(info.name), std::string(info.unit), std::string(info.about)});
  }
  std::vector<Row> found;
  for (const Row& row : tables["Metrics"]) {
    const std::string name = row.at(0).substr(1, row.at(0).find_first_of("([`", 1) - 1);
    found.push_back({name, row.at(2), row.at(3)});
  }
  EXPECT_EQ(found, metrics);
  std::vector<Row> selectors;
  for (const SelectorInfo& info : selector_catalogue()) {
    selectors.push_back({code(info.form), code(info.example), std::string(info.about)});
  }
  EXPECT_EQ(tables["Node selectors"], selectors);
  std::vector<Row> distributions;
  for (const DistributionInfo& info : distribution_catalogue()) {
    distributions.push_back({code(info.example), std::string(info.about)});
  }
  EXPECT_EQ(tables["Distributions"], distributions);
  std::vector<Row> codes;
  for (const ErrorCodeInfo& info : error_code_catalogue()) {
    codes.push_back({code(info.code), std::string(info.about)});
  }
  EXPECT_EQ(tables["Error codes"], codes);
}

TEST(Documentation, TheExampleIsAScenario) {
  const std::string text = *read_file(kReadme, 1 << 20);
  const std::size_t begin = text.find("```toml\n") + 8;
  const auto scenario =
      parse_scenario_text(text.substr(begin, text.find("```\n", begin) - begin), kReadme);
  ASSERT_TRUE(scenario) << format(scenario.error());
  EXPECT_EQ(scenario->steps.size(), 4U);
}

// Every code with which the protocol, a procedure or the simulator ends an operation.
TEST(ErrorCodes, EveryOneStandsInTheCatalogue) {
  namespace fs = std::filesystem;
  const std::regex code("(?:CallError|return |end\\(slot, )\\{?\"([a-z_]+)\"");
  std::size_t found = 0;
  for (const char* folder : {"/dht/node", "/sim/run"}) {
    for (const auto& file : fs::directory_iterator(std::string(source_dir()) + folder)) {
      const std::string name = file.path().filename().string();
      const bool ends = name.rfind("calls", 0) == 0 || name.rfind("served", 0) == 0 ||
                        name.rfind("router", 0) == 0 || name.rfind("operations", 0) == 0 ||
                        name == "procedures.cc";
      if (!ends) continue;
      const std::string text = *read_file(file.path().string(), 1 << 20);
      for (std::sregex_iterator at(text.begin(), text.end(), code), end; at != end; ++at) {
        EXPECT_EQ(check_error_code((*at)[1].str()), "") << name;
        ++found;
      }
    }
  }
  EXPECT_GT(found, 12U);
}

TEST(Keys, NoKeyStandsTwice) {
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (const KeyInfo& info : key_catalogue()) {
    EXPECT_TRUE(seen.emplace(info.table, info.key).second) << info.table << "." << info.key;
    EXPECT_FALSE(is_planned(info.table, info.key)) << info.key;
    EXPECT_TRUE(info.inner.empty() || !keys_of(info.inner).empty()) << info.inner;
  }
}

TEST(Keys, ExamplesAndDefaultsAreToml) {
  for (const KeyInfo& info : key_catalogue()) {
    if (!info.fallback.empty()) {
      const auto value = parse_value(std::string(info.fallback));
      ASSERT_TRUE(value) << info.key;
      EXPECT_EQ(render(fallback_value(info)), render(*value)) << info.key;
    }
    if (info.table.empty() || info.key == "*") continue;
    EXPECT_TRUE(parse_value(std::string(info.example))) << info.key << " = " << info.example;
  }
}

}  // namespace
}  // namespace macula::sim
