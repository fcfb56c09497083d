// A batch in which runs crash: the others go on, and all is written.
#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "base/check.h"
#include "sim/macula/kit.h"
#include "sim/run/community.h"
#include "tests/sim/cli/two_files.h"

namespace macula::sim {
namespace {

using Json = nlohmann::json;

// A bug that shows with some seeds: in the code of a run, or where nothing can be thrown.
enum class Bug { plain, in_noexcept };

struct FailsAtItsEnd {
  bool sound = false;
  ~FailsAtItsEnd() { MACULA_CHECK(sound); }
};

void strike(Bug bug, std::uint64_t seed) {
  const bool struck = seed % 3 == 0;
  if (struck && bug == Bug::in_noexcept) const FailsAtItsEnd end;
  MACULA_CHECK(!struck);
}

Kit kit_with(Bug bug) {
  Kit kit = macula_kit();
  kit.make_community = [bug](const Setup& setup) {
    auto community = macula_kit().make_community(setup);
    community->network().schedule(kTimeZero + std::chrono::seconds(7),
                                  [bug, seed = setup.seed] { strike(bug, seed); });
    return community;
  };
  return kit;
}

class Crash : public testing::TestWithParam<Bug> {};

TEST_P(Crash, CostsNoOtherRun) {
  for (const char* jobs : {"1", "3"}) {
    const TempFolder folder;
    const auto [code, out, err] = run_two_files(kit_with(GetParam()), folder, jobs);
    EXPECT_EQ(code, 1);
    EXPECT_NE(out.find("8 runs: 3 passed, 3 failed, 2 crashed"), std::string::npos) << out;
    EXPECT_NE(out.find("CRASH  a  "), std::string::npos) << out;
    EXPECT_NE(out.find("\na         3 of 4  "), std::string::npos) << out;
    EXPECT_NE(out.find("\na: failing: 3\n"), std::string::npos) << out;
    for (const std::string& text : {out, err}) {
      EXPECT_NE(text.find("check failed: "), std::string::npos) << text;
      EXPECT_NE(text.find("in a (" + folder.path("a.toml") + "), seed 3, at t = 7s, event "),
                std::string::npos)
          << text;
      EXPECT_NE(text.find("replay: macula-sim run " + folder.path("b.toml") +
                          " --seed 3 --set protocol.k=7\n"),
                std::string::npos)
          << text;
    }
    const Json runs = Json::parse(read_text(folder.path("r.json")))["runs"];
    ASSERT_EQ(runs.size(), 8U);
    for (std::size_t i = 0; i < runs.size(); ++i) {
      const char* verdict = i % 4 == 2 ? "crash" : i < 4 ? "pass" : "fail";
      EXPECT_EQ(runs[i]["verdict"], verdict) << i;
      EXPECT_EQ(runs[i].contains("crash"), i % 4 == 2);
    }
    const std::string xml = read_text(folder.path("r.xml"));
    EXPECT_NE(xml.find("<error type=\"crash\""), std::string::npos) << xml;
  }
}

INSTANTIATE_TEST_SUITE_P(Bugs, Crash, testing::Values(Bug::plain, Bug::in_noexcept));

}  // namespace
}  // namespace macula::sim
