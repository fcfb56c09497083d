#include "sim/study/verify.h"

#include <gtest/gtest.h>

#include "tests/sim/study/sample_run.h"

namespace macula::sim {
namespace {

TEST(FirstDifference, NothingButWallTimeMayDiffer) {
  RunResult other = sample_run();
  other.wall_ns = 9;
  EXPECT_FALSE(first_difference(sample_run(), other));
}

TEST(FirstDifference, NamesTheCheckpointsBetweenWhichRunsPart) {
  RunResult other = sample_run();
  other.digest = 9;
  other.checkpoints[1] = {1000, 2'500'000'000, 8};
  EXPECT_EQ(
      first_difference(sample_run(), other),
      "the runs part after event 500 (t = 1.000s, digest 0000000000000005): the first went on "
      "to event 1000 (t = 2.000s, digest 0000000000000006), the second to event 1000 "
      "(t = 2.500s, digest 0000000000000008)");
}

TEST(FirstDifference, TakesTheStartAndTheEndForCheckpoints) {
  RunResult other = sample_run();
  other.checkpoints[0].digest = 9;
  EXPECT_EQ(first_difference(sample_run(), other)->substr(0, 29), "the runs part after the start");
  other = sample_run();
  other.digest = 9;
  EXPECT_NE(first_difference(sample_run(), other)->find("its end at event 1500"),
            std::string::npos);
  other = sample_run();
  other.checkpoints.pop_back();
  EXPECT_NE(first_difference(sample_run(), other)->find("after event 500"), std::string::npos);
}

TEST(FirstDifference, LooksAtEveryPartOfTheResult) {
  const auto change = [](auto apply) {
    RunResult other = sample_run();
    apply(other);
    return first_difference(sample_run(), other).has_value();
  };
  EXPECT_TRUE(change([](RunResult& run) { run.digest ^= 1; }));
  EXPECT_TRUE(change([](RunResult& run) { ++run.events; }));
  EXPECT_TRUE(change([](RunResult& run) { ++run.virtual_ns; }));
  EXPECT_TRUE(change([](RunResult& run) { ++run.messages; }));
  EXPECT_TRUE(change([](RunResult& run) { run.violations.emplace_back(); }));
  EXPECT_TRUE(change([](RunResult& run) { run.checkpoints[1].digest ^= 1; }));
  EXPECT_TRUE(change([](RunResult& run) { run.stopped = "early"; }));
  EXPECT_TRUE(change([](RunResult& run) { run.expectations.pop_back(); }));
  EXPECT_TRUE(change([](RunResult& run) { run.expectations[1].measured = 0; }));
  EXPECT_TRUE(change([](RunResult& run) { run.expectations[1].passed = true; }));
  EXPECT_TRUE(change([](RunResult& run) { run.metrics["lookup.depth"].p90 = 1; }));
  EXPECT_TRUE(change([](RunResult& run) { run.metrics["lookup.rpcs"].count = 1; }));
  EXPECT_TRUE(change([](RunResult& run) { run.metrics.clear(); }));
  EXPECT_TRUE(change([](RunResult& run) { run.errors.push_back({12, "hit nobody"}); }));
  EXPECT_TRUE(change([](RunResult& run) { run.notes.push_back({24, "met no packet"}); }));
  EXPECT_TRUE(change([](RunResult& run) { run.unfinished["probe"] = 1; }));
}

}  // namespace
}  // namespace macula::sim
