// A batch in which runs break an invariant: the others go on, and all is written.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "sim/cli/run.h"
#include "sim/macula/kit.h"
#include "sim/run/invariant_view.h"
#include "sim/study/batch.h"
#include "tests/sim/program.h"

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
    auto arguments =
        parse_run_arguments({folder.write("a.toml", scenario_text("a", true)),
                             folder.write("b.toml", scenario_text("b", false)), "--seeds", "1..4",
                             "--jobs", jobs, "--set", "protocol.k=7", "--json",
                             folder.path("r.json"), "--junit", folder.path("r.xml")});
    ASSERT_TRUE(arguments) << arguments.error();
    const auto batch = make_batch(kit, arguments->campaign);
    ASSERT_TRUE(batch) << batch.error();
    testing::internal::CaptureStdout();
    EXPECT_EQ(run_batch(*batch, *arguments), 1);
    const std::string out = testing::internal::GetCapturedStdout();
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
