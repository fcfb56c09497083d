// Read, write, read is the identity, for every scenario of the project and from any folder.
#include "sim/file/write.h"

#include <gtest/gtest.h>

#include <regex>

#include "sim/file/explain.h"
#include "sim/file/files.h"
#include "tests/places.h"
#include "tests/sim/scenario_text.h"

namespace macula::sim {
namespace {

std::vector<std::string> all_files() {
  const auto files = find_scenario_files({std::string(source_dir()) + "/scenarios"});
  return files ? *files : std::vector<std::string>{};
}

DocumentValue root_of(const std::string& text) {
  auto document = parse_document(text, "test.toml");
  EXPECT_TRUE(document) << format(document.error());
  return document ? std::move(document->root) : DocumentValue{};
}

TEST(Write, WhatIsReadFromItIsTheDocument) {
  const Schema schema(macula_kit());
  ASSERT_GT(all_files().size(), 50U);
  for (const std::string& file : all_files()) {
    const DocumentValue root = root_of(*read_file(file, kDocumentBytesMax));
    const std::string text = write_document(schema, root, {});
    const DocumentValue again = root_of(text);
    EXPECT_EQ(render(again), render(root)) << file;
    EXPECT_EQ(write_document(schema, again, {}), text) << file;
  }
}

// The origins apart, which then are all the file.
TEST(Write, WhatExplainPrintsIsTheScenarioFromAnyFolder) {
  const std::regex origins(" +# [^\n]*");
  for (const std::string& file : all_files()) {
    const auto scenario = parse_scenario(macula_kit(), file);
    const auto first = explain_scenario(macula_kit(), file);
    ASSERT_TRUE(scenario && first) << file;
    const auto second = explain_scenario_text(macula_kit(), *first, "/elsewhere/test.toml");
    const auto again = parse_scenario_text(macula_kit(), *first, "/elsewhere/test.toml");
    ASSERT_TRUE(second && again) << file << "\n" << *first;
    EXPECT_EQ(again->hash, scenario->hash) << file;
    EXPECT_EQ(std::regex_replace(*second, origins, ""), std::regex_replace(*first, origins, ""))
        << file;
  }
}

}  // namespace
}  // namespace macula::sim
