// A frozen scenario draws nothing, and is the same run.
#include "sim/study/freeze.h"

#include <gtest/gtest.h>

#include <string>

#include "sim/macula/kit.h"
#include "sim/run/run.h"
#include "tests/places.h"
#include "tests/sim/program.h"
#include "tests/sim/scenario_text.h"

namespace macula::sim {
namespace {

// All that can be drawn, over links on which nothing falls on one instant.
const std::string kDrawn = R"toml(
[scenario]
schema = 1
name = "drawn"
duration = "3min"
[protocol]
k = 5
[latency]
default = "lognormal(median=30ms, sigma=0.4)"
[link.home]
jitter = "exponential(mean=5ms)"
loss = "1%"
[churn.some]
applies_to = "sample(eu, 20%)"
session = "exponential(mean=60s)"
downtime = "exponential(mean=20s)"
restart = "keep-state"
[[node]]
name = "first"
link = "home"
[[group]]
name = "eu"
count = 25
link = "home"
join = { via = "first", spread = "5s" }
[[at]]
t = "10s"
every = "exponential(mean=2s)"
label = "write"
store = { by = "any(eu)", key = "k{zipf(9, 0.8)}", value = { bytes = "uniform(10B, 4KiB)" } }
[[at]]
t = "12013ms"
every = "7s"
label = "text-{n}"
store = { by = "any(eu)", key = "t{n % 2}", value = "{uniform(1000)} of {n}" }
[[at]]
t = "15s"
think = "exponential(mean=3s)"
label = "read"
find = { by = "sample(eu, 20%)", key = "k{zipf(9, 0.8)}", local = false }
[[at]]
t = "20017ms"
every = "11s"
label = "ping"
ping = { by = "any(eu) + any(eu)", to = "sample(eu, 10%)" }
[[at]]
t = "21s"
advertise = { by = "eu#1", procedure = "calc.{n}" }
[[at]]
t = "25011ms"
every = "exponential(mean=9s)"
label = "call"
call = { by = "any(eu)", procedure = "calc.{n % 2}", args = { a = 2, b = "{uniform(5)}" } }
[[at]]
t = "31s"
every = "40s"
partition = { between = ["any(eu)", "first"] }
[[at]]
t = "50s"
every = "40s"
heal = "all"
[[at]]
t = "60s"
every = "30s"
crash = "any(eu)"
[[at]]
t = "75s"
every = "30s"
restart = "eu"
may_miss = true
)toml";

RunResult run_of(const std::string& text, std::uint64_t seed) {
  const auto scenario = parse(text + kExpect);
  if (!scenario) throw std::runtime_error(errors(text + kExpect));
  return run_scenario(*scenario, seed, {});
}

TEST(Freeze, IsTheSameRunAndDrawsNothing) {
  const TempFolder folder;
  const std::string path = folder.write("drawn.toml", kDrawn + kExpect);
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const auto frozen = freeze_scenario(macula_kit(), path, {}, seed);
    ASSERT_TRUE(frozen) << format(frozen.error());
    for (const char* word : {"any(", "sample(", "every", "think", "[churn", "{n", "{zipf"}) {
      EXPECT_EQ(frozen->find(word), std::string::npos) << word;
    }
    const auto again = parse(*frozen);
    ASSERT_TRUE(again) << errors(*frozen);
    EXPECT_EQ(again->seed, seed);
    const RunResult first = run_of(kDrawn, seed);
    EXPECT_EQ(run_scenario(*again, seed, {}).digest, first.digest) << "seed " << seed;
  }
}

TEST(Freeze, ChurnThatNoStepCanSayStays) {
  const TempFolder folder;
  std::string text = kDrawn + kExpect;
  text.insert(text.find("restart = \"keep-state\"\n"), "start = \"stationary\"\n");
  text.erase(text.find(", spread = \"5s\""), 15);  // so that they join when the churn begins
  const auto frozen = freeze_scenario(macula_kit(), folder.write("a.toml", text), {}, 1);
  ASSERT_TRUE(frozen) << format(frozen.error());
  EXPECT_NE(frozen->find("[churn.some]"), std::string::npos);
}

TEST(Freeze, WhatIsTooLongForAFileIsSaid) {
  const TempFolder folder;
  const auto frozen = freeze_scenario(macula_kit(), folder.write("a.toml", kDrawn + kExpect),
                                      {{"at.3.every", "3ms"}, {"at.3.ping.by", "eu#1"}}, 1);
  ASSERT_FALSE(frozen);
  EXPECT_NE(format(frozen.error()).find("a scenario file has at most 4194304"), std::string::npos)
      << format(frozen.error());
}

}  // namespace
}  // namespace macula::sim
