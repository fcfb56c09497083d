#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/sim/scenario_text.h"

namespace macula::sim {
namespace {

namespace fs = std::filesystem;

class ParseNetwork : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(root_);
    std::ofstream(root_ / "square.csv") << "region,eu,us\neu,2,90.5\nus,,2\n";
    std::ofstream(root_ / "wrong.csv") << "from,to,rtt_ms\neu,us,fast\n";
  }
  void TearDown() override { fs::remove_all(root_); }

  [[nodiscard]] tl::expected<Scenario, Diagnostics> with(const std::string& latency) const {
    const std::string text = kHead + kExpect + "[[group]]\nname = \"x\"\ncount = 2\n" +
                             "region = \"us\"\n[latency]\n" + latency;
    return parse_scenario_text(macula_kit(), text, (root_ / "a.toml").string());
  }
  [[nodiscard]] std::string error(const std::string& latency) const {
    const auto scenario = with(latency);
    return scenario ? std::string() : format(scenario.error());
  }

  fs::path root_ =
      fs::path(testing::TempDir()) / ("macula_parse_network" + std::to_string(getpid()));
};

TEST_F(ParseNetwork, ASquareMatrixTakesItsUnitFromTheScenario) {
  const auto scenario = with("matrix = \"square.csv\"\nmatrix_unit = \"rtt_ms\"\n");
  ASSERT_TRUE(scenario) << format(scenario.error());
  ASSERT_EQ(scenario->links.matrix.size(), 4U);
  EXPECT_EQ(scenario->links.matrix[1].delay_ns, 45'250'000);
  EXPECT_NE(error("matrix = \"square.csv\"\n").find("square.csv:1:1: error: "), std::string::npos);
}

TEST_F(ParseNetwork, WhatIsWrongIsSaidWithItsPlace) {
  EXPECT_NE(
      error("matrix = \"wrong.csv\"\n")
          .find("wrong.csv:2:7: error: rtt_ms: expected a number, as in 90 or 90.5, found `fast`"),
      std::string::npos);
  EXPECT_NE(error("matrix_unit = \"rtt\"\n")
                .find("a.toml:24:15: error: unknown unit `rtt`; there are delay_us"),
            std::string::npos)
      << error("matrix_unit = \"rtt\"\n");
  EXPECT_NE(error("matrix_unit = \"rtt_ms\"\n").find("`matrix_unit` without `matrix`"),
            std::string::npos);
  EXPECT_NE(error("matrix = \"none.csv\"\n").find("a.toml:24:10: error: no file `none.csv`"),
            std::string::npos);
}

}  // namespace
}  // namespace macula::sim
