// Two runs end soon behind the event at which they part, and not before it.
#include "sim/study/lockstep.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <utility>

#include "sim/run/run.h"
#include "tests/sim/scenario_text.h"

namespace macula::sim {
namespace {

// Thirty nodes look keys up: some 4 000 events in ten seconds. `ping`: when one of them pings.
Scenario lookups(const std::string& ping, const std::string& duration = "10min") {
  const std::string text = "[scenario]\nschema = 1\nname = \"lookups\"\nduration = \"" + duration +
                           "\"\ntables = \"ideal\"\nconnections = \"warm\"\n"
                           "[protocol]\nk = 8\nmaintenance = false\n[latency]\ndefault = \"20ms\"\n"
                           "[[group]]\nname = \"eu\"\ncount = 30\n"
                           "[[at]]\nt = \"1s\"\nevery = \"50ms\"\nlabel = \"probe\"\n"
                           "lookup = { by = \"any(eu)\", key = \"key-{n}\" }\n"
                           "[[at]]\nt = \"" +
                           ping + "\"\nping = { by = \"eu#1\", to = \"eu#2\" }\n" + kExpect;
  auto scenario = parse(text);
  EXPECT_TRUE(scenario) << errors(text);
  return std::move(*scenario);
}

std::array<RunResult, 2> side_by_side(const Scenario& a, const Scenario& b) {
  Lockstep lockstep;
  std::array<RunResult, 2> results;
  const auto run = [&](std::size_t side, const Scenario& scenario) {
    RunOptions options;
    options.enough = [&, side](const auto& so_far) { return lockstep.parted(side, so_far); };
    results[side] = run_scenario(scenario, 1, options);
    lockstep.ended(side);
  };
  std::thread other(run, 1, std::cref(b));
  run(0, a);
  other.join();
  return results;
}

TEST(Lockstep, BothEndSoonBehindTheEventAtWhichTheyPart) {
  const Scenario a = lookups("60s");
  const std::uint64_t whole = run_scenario(a, 1, {}).events;
  const auto parted = side_by_side(a, lookups("61s"));
  std::size_t same = 0;
  while (parted[0].checkpoints.at(same).digest == parted[1].checkpoints.at(same).digest) ++same;
  EXPECT_GT(same, 1u);
  const std::uint64_t differ = parted[0].checkpoints[same].events;
  for (const RunResult& side : parted) {
    EXPECT_GE(side.events, differ);
    EXPECT_LE(side.events, differ + (Lockstep::kAhead + 2) * parted[0].checkpoints[0].events);
    EXPECT_LT(side.events, whole / 3);
    EXPECT_FALSE(side.passed);
    EXPECT_FALSE(side.interrupted);
  }
}

TEST(Lockstep, ThoseThatAreTheSameGoToTheirEnds) {
  const Scenario scenario = lookups("60s");
  const RunResult alone = run_scenario(scenario, 1, {});
  for (const RunResult& side : side_by_side(scenario, scenario)) {
    EXPECT_EQ(side.digest, alone.digest);
    EXPECT_EQ(side.events, alone.events);
    EXPECT_EQ(side.stopped, "");
  }
}

TEST(Lockstep, OneThatHasEndedIsNotWaitedFor) {
  const Scenario shorter = lookups("20s", "30s");
  const Scenario longer = lookups("20s", "3min");
  const auto sides = side_by_side(shorter, longer);
  EXPECT_EQ(sides[0].digest, run_scenario(shorter, 1, {}).digest);
  EXPECT_EQ(sides[1].digest, run_scenario(longer, 1, {}).digest);
}

}  // namespace
}  // namespace macula::sim
