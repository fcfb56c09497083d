// The list of keys, and the catalogues that the documentation shows.
#include "sim/file/keys.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <regex>
#include <set>

#include "sim/file/files.h"
#include "sim/file/parse.h"
#include "sim/macula/kit.h"
#include "sim/scenario/error_codes.h"
#include "tests/places.h"

namespace macula::sim {
namespace {

const std::string kReadme = std::string(source_dir()) + "/scenarios/README.md";

TEST(Documentation, TheExampleIsAScenario) {
  const std::string text = *read_file(kReadme, 1 << 20);
  const std::size_t begin = text.find("```toml\n") + 8;
  const auto scenario = parse_scenario_text(
      macula_kit(), text.substr(begin, text.find("```\n", begin) - begin), kReadme);
  ASSERT_TRUE(scenario) << format(scenario.error());
  EXPECT_EQ(scenario->steps.size(), 4U);
}

// Every code with which the protocol, a procedure or the simulator ends an operation.
TEST(ErrorCodes, EveryOneStandsInTheCatalogue) {
  namespace fs = std::filesystem;
  const std::regex code("(?:CallError|return |end\\(|result, \\w+, )\\{?\"([a-z_]+)\"");
  std::size_t found = 0;
  for (const char* folder : {"/dht/node", "/sim/run", "/sim/macula"}) {
    for (const auto& file : fs::directory_iterator(std::string(source_dir()) + folder)) {
      const std::string name = file.path().filename().string();
      const bool ends = name.rfind("calls", 0) == 0 || name.rfind("served", 0) == 0 ||
                        name.rfind("router", 0) == 0 || name.rfind("operations", 0) == 0 ||
                        name.find("_verbs") != std::string::npos || name == "procedures.cc";
      if (!ends) continue;
      const std::string text = *read_file(file.path().string(), 1 << 20);
      for (std::sregex_iterator at(text.begin(), text.end(), code), end; at != end; ++at) {
        EXPECT_EQ(check_error_code(macula_kit(), (*at)[1].str()), "") << name;
        ++found;
      }
    }
  }
  EXPECT_GT(found, 12U);
}

// Each operation is known by its code in the digest, and each verb by its name.
TEST(Verbs, HaveNamesAndCodesOfTheirOwn) {
  std::set<std::string_view> names;
  std::set<std::uint64_t> codes;
  for (const Verb& verb : macula_kit().verbs) {
    EXPECT_TRUE(names.insert(verb.name).second) << verb.name;
    EXPECT_NE(verb.act, nullptr) << verb.name;
    if (verb.operation) {
      EXPECT_TRUE(codes.insert(verb.operation->code).second) << verb.name;
    }
    for (const VerbKey& key : verb.keys) {
      if (!key.follows.empty()) {
        EXPECT_NE(Schema(macula_kit()).find("protocol", key.follows), nullptr) << key.name;
      }
    }
  }
}

TEST(Keys, NoKeyStandsTwice) {
  const Schema schema(macula_kit());
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (const KeyInfo& info : schema.keys()) {
    EXPECT_TRUE(seen.emplace(info.table, info.key).second) << info.table << "." << info.key;
    EXPECT_FALSE(is_planned(info.table, info.key)) << info.key;
    EXPECT_TRUE(info.inner.empty() || !schema.keys_of(info.inner).empty()) << info.inner;
  }
}

TEST(Keys, ExamplesAndDefaultsAreToml) {
  const Schema schema(macula_kit());
  for (const KeyInfo& info : schema.keys()) {
    if (!info.fallback.empty()) {
      const auto value = parse_value(std::string(info.fallback));
      ASSERT_TRUE(value) << info.key;
      EXPECT_EQ(render(fallback_value(info.fallback)), render(*value)) << info.key;
    }
    if (info.table.empty() || info.key == "*") continue;
    EXPECT_TRUE(parse_value(std::string(info.example))) << info.key << " = " << info.example;
  }
}

}  // namespace
}  // namespace macula::sim
