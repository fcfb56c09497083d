#include "sim/file/parse_distribution.h"

#include <gtest/gtest.h>

namespace macula::sim {
namespace {

using DistributionKind = Distribution::Kind;

TEST(ParseDistribution, EveryExampleOfTheCatalogueReadsAsItself) {
  for (const DistributionInfo& info : distribution_catalogue()) {
    EXPECT_TRUE(parse_distribution(info.example)) << info.example;
  }
}

TEST(ParseDistribution, ParametersByPositionAndByName) {
  const auto constant = parse_distribution("20ms");
  EXPECT_EQ(constant->kind(), DistributionKind::constant);
  EXPECT_EQ(constant->first(), 20'000'000);
  const auto uniform = parse_distribution("uniform(high=40ms, low=5ms)");
  EXPECT_EQ(uniform->kind(), DistributionKind::uniform);
  EXPECT_EQ(uniform->first(), 5'000'000);
  EXPECT_EQ(uniform->second(), 40'000'000);
  const auto lognormal = parse_distribution("lognormal(2ms, 0.5)");
  EXPECT_EQ(lognormal->kind(), DistributionKind::lognormal);
  EXPECT_EQ(lognormal->second(), kFixedOne / 2);
  EXPECT_EQ(parse_distribution("normal(mean=20ms, deviation=5ms)")->second(), 5'000'000);
  EXPECT_EQ(parse_distribution("exponential(mean=5min)")->first(), 300'000'000'000);
  const auto weibull = parse_distribution("weibull(scale=1s, shape=0.5)");
  EXPECT_EQ(weibull->kind(), DistributionKind::weibull);
  EXPECT_EQ(weibull->first(), kFixedOne / 2);
  EXPECT_EQ(weibull->second(), 1'000'000'000);
  EXPECT_EQ(parse_distribution("pareto(1.5, 10min)")->kind(), DistributionKind::pareto);
  // Sessions may be longer than any delay.
  EXPECT_TRUE(parse_distribution("constant(2d)", std::nullopt));
}

TEST(ParseDistribution, WhatIsRefused) {
  EXPECT_EQ(parse_distribution("weibull(shape=0, scale=41min)").error(),
            "shape 0 is not from 0.1 to 100");
  EXPECT_EQ(parse_distribution("pareto(101, 41min)").error(), "shape 101 is not from 0.1 to 100");
  EXPECT_EQ(parse_distribution("unifrom(5ms, 40ms)").error(),
            "unknown distribution `unifrom`, did you mean `uniform`?");
  for (const char* text :
       {"", "20", "uniform", "uniform()", "uniform(5ms)", "uniform(40ms, 5ms)", "uniform(5ms, 40)",
        "uniform(5ms, 6ms, 7ms)", "uniform(5ms, low=6ms)", "uniform(5ms, size=6ms)",
        "normal(-1ms, 5ms)", "lognormal(2ms, 4.1)", "lognormal(2ms, 0.6ms)", "constant(2d)",
        "uniform(5ms, 40ms).p99", "uniform(5ms, 40ms"}) {
    EXPECT_FALSE(parse_distribution(text)) << text;
  }
}

}  // namespace
}  // namespace macula::sim
