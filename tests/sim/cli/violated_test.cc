// A batch in which runs break an invariant: the others go on, and all is written.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "sim/macula/kit.h"
#include "sim/run/invariant_view.h"
#include "tests/sim/cli/two_files.h"

namespace macula::sim {
namespace {

using Json = nlohmann::json;

// Broken by every third seed.
std::optional<Breach> third_seed(const RunView& view) {
  if (view.world.seed() % 3 != 0) return {};
  return Breach{0, "the seed is a third one"};
}

TEST(Violated, CostsNoOtherRun) {
  Kit kit = macula_kit();
  kit.invariants.push_back({.name = "seeds", .about = "No third seed.", .of_run = third_seed});
  for (const char* jobs : {"1", "3"}) {
    const TempFolder folder;
    const auto [code, out, err] = run_two_files(kit, folder, jobs);
    EXPECT_EQ(code, 1);
    EXPECT_NE(out.find("8 runs: 3 passed, 3 failed, 2 violated"), std::string::npos) << out;
    EXPECT_NE(out.find("VIOLATED  a  "), std::string::npos) << out;
    EXPECT_NE(out.find("a.toml: violated: seeds: node "), std::string::npos) << out;
    EXPECT_NE(out.find("replay: macula-sim run " + folder.path("a.toml") +
                       " --seed 3 --set protocol.k=7\n"),
              std::string::npos)
        << out;
    const Json runs = Json::parse(read_text(folder.path("r.json")))["runs"];
    ASSERT_EQ(runs.size(), 8U);
    for (std::size_t i = 0; i < runs.size(); ++i) {
      const char* verdict = i % 4 == 2 ? "violated" : i < 4 ? "pass" : "fail";
      EXPECT_EQ(runs[i]["verdict"], verdict) << i;
      EXPECT_EQ(runs[i].contains("violations"), i % 4 == 2);
    }
    const std::string xml = read_text(folder.path("r.xml"));
    EXPECT_NE(xml.find("<failure type=\"violated\""), std::string::npos) << xml;
  }
}

}  // namespace
}  // namespace macula::sim
