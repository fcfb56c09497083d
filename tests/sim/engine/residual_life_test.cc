#include "sim/engine/residual_life.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "sim/engine/random.h"

namespace macula::sim {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""s;

constexpr std::uint64_t kHighestRank = std::numeric_limits<std::uint64_t>::max();
constexpr std::size_t kDraws = 100'000;

using Survival = std::function<double(double)>;  // of seconds

std::vector<double> sorted_seconds(std::vector<Duration> draws) {
  std::sort(draws.begin(), draws.end());
  std::vector<double> seconds;
  for (const Duration draw : draws) seconds.push_back(static_cast<double>(draw.count()) / 1e9);
  return seconds;
}

// The largest distance between the share of draws above t and S(t) (Kolmogorov and Smirnov); of
// kDraws draws it is above this bound once in a million times.
constexpr double kBound = 2.7 / 316.2;

double distance_from(const Survival& survival, const std::vector<double>& draws) {
  double worst = 0;
  const auto count = static_cast<double>(draws.size());
  for (std::size_t i = 0; i < draws.size(); ++i) {
    const double above = survival(draws[i]);
    worst = std::max(worst, std::fabs(above - (1 - static_cast<double>(i) / count)));
    worst = std::max(worst, std::fabs(above - (1 - static_cast<double>(i + 1) / count)));
  }
  return worst;
}

std::vector<double> lives(const Distribution& life) {
  RandomStream random(7);
  std::vector<Duration> draws;
  for (std::size_t i = 0; i < kDraws; ++i) draws.push_back(life.sample(random.next()));
  return sorted_seconds(std::move(draws));
}

std::vector<double> rests(const Distribution& life) {
  const ResidualLife remaining(life);
  RandomStream random(8);
  std::vector<Duration> draws;
  for (std::size_t i = 0; i < kDraws; ++i) {
    const std::uint64_t which = random.next();
    draws.push_back(remaining.sample(which, random.next()));
  }
  return sorted_seconds(std::move(draws));
}

// 1/mean * integral of S from t on, by trapezoids in steps that grow with t.
Survival integrated(const Survival& survival, double mean) {
  auto table = std::make_shared<std::vector<std::pair<double, double>>>();
  double below = 0;
  for (double t = 0; below < mean * (1 - 1e-7) && table->size() < 2'000'000;) {
    table->emplace_back(t, std::max(0.0, 1 - below / mean));
    const double next = t + std::max(mean * 1e-5, t * 1e-4);
    below += (next - t) * (survival(t) + survival(next)) / 2;
    t = next;
  }
  return [table](double t) {
    const auto at = std::lower_bound(table->begin(), table->end(), std::pair(t, -1.0));
    return at == table->end() ? 0.0 : at->second;
  };
}

TEST(Lives, WeibullAndParetoSurviveAsTheirFormulasSay) {
  EXPECT_LT(distance_from([](double t) { return std::exp(-std::pow(t / 2460, 0.59)); },
                          lives(Distribution::weibull(kFixedOne * 59 / 100, 41min))),
            kBound);
  EXPECT_LT(distance_from([](double t) { return t < 60 ? 1 : std::pow(t / 60, -1.5); },
                          lives(Distribution::pareto(kFixedOne * 3 / 2, 60s))),
            kBound);
  EXPECT_LT(distance_from([](double t) { return std::exp(-t / 3600); },
                          lives(Distribution::exponential(1h))),
            kBound);
}

TEST(ResidualLife, OfExponentialsIsTheSameAgain) {
  const auto life = Distribution::exponential(1h);
  EXPECT_NEAR(static_cast<double>(ResidualLife(life).mean().count()), 3600e9, 3600e9 * 1e-4);
  EXPECT_LT(distance_from([](double t) { return std::exp(-t / 3600); }, rests(life)), kBound);
}

TEST(ResidualLife, OfConstantsIsUniform) {
  EXPECT_LT(distance_from([](double t) { return std::max(0.0, 1 - t / 60); },
                          rests(Distribution::constant(60s))),
            kBound);
  EXPECT_EQ(ResidualLife(Distribution::constant(60s)).mean(), 60s);
}

// The lives that are met are a third longer on average: a life of 0 is never met.
TEST(ResidualLife, OfUniformsFallsAsAParabola) {
  EXPECT_LT(distance_from([](double t) { return std::pow(1 - std::min(t, 60.0) / 60, 2); },
                          rests(Distribution::uniform(0s, 60s))),
            kBound);
}

TEST(ResidualLife, OfWeibullsIsTheirIntegral) {
  const Survival survival = [](double t) { return std::exp(-std::pow(t / 2460, 0.59)); };
  const double mean = 2460 * std::tgamma(1 + 1 / 0.59);
  const auto life = Distribution::weibull(kFixedOne * 59 / 100, 41min);
  EXPECT_NEAR(static_cast<double>(ResidualLife(life).mean().count()), mean * 1e9,
              mean * 1e9 * 1e-3);
  EXPECT_LT(distance_from(integrated(survival, mean), rests(life)), kBound);
  // And not what the lives themselves are.
  EXPECT_GT(distance_from(survival, rests(life)), 5 * kBound);
}

TEST(ResidualLife, OfParetosIsTheirIntegral) {
  const double mean = 1.5 * 60 / 0.5;
  const Survival expected = [&](double t) {
    return t < 60 ? 1 - t / mean : std::pow(60 / t, 0.5) / 1.5;
  };
  EXPECT_LT(distance_from(expected, rests(Distribution::pareto(kFixedOne * 3 / 2, 60s))), kBound);
}

TEST(ResidualLife, OfNoLifeIsNone) {
  const ResidualLife none{Distribution::constant(0s)};
  EXPECT_EQ(none.mean(), 0s);
  EXPECT_EQ(none.sample(kHighestRank, kHighestRank), 0s);
}

// A rest is at most the life it is of, and grows with both draws.
RC_GTEST_PROP(ResidualLife, GrowsWithBothDraws, ()) {
  const Distribution life = *rc::gen::element(
      Distribution::constant(3s), Distribution::uniform(1s, 9s), Distribution::normal(5s, 2s),
      Distribution::lognormal(1min, 4 * kFixedOne), Distribution::exponential(5min),
      Distribution::weibull(kFixedOne * 59 / 100, 41min), Distribution::pareto(kFixedOne, 10s),
      Distribution::pareto(1, Duration{1}),
      Distribution::constant(Duration{std::numeric_limits<std::int64_t>::max()}));
  const ResidualLife remaining(life);
  const auto which = *rc::gen::arbitrary<std::uint64_t>();
  const auto where = *rc::gen::arbitrary<std::uint64_t>();
  const Duration rest = remaining.sample(which, where);
  RC_ASSERT(rest >= 0s);
  RC_ASSERT(rest <= life.sample(kHighestRank));
  RC_ASSERT(remaining.sample(which, where / 2) <= rest);
  RC_ASSERT(remaining.sample(which / 2, where) <= rest);
}

}  // namespace
}  // namespace macula::sim
