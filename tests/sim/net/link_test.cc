#include "sim/net/link.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "tests/durations.h"

namespace macula::sim {
namespace {

// Nodes in regions eu, us and asia: eu-us there and back with one row, eu-asia with one each way,
// us-asia with none.
LinkModel world_model() {
  LinkModel model;
  model.default_delay = Distribution::uniform(10 * kMillisecond, 100 * kMillisecond);
  const std::int64_t ms = 1'000'000;
  model.matrix = {{"eu", "us", 50 * ms, 0, 0},
                  {"eu", "asia", 110 * ms, 0, 0},
                  {"asia", "eu", 120 * ms, 5 * ms, 0}};
  return model;
}

LinkModel lossy_model(std::uint32_t default_ppm, std::uint32_t class_ppm) {
  LinkModel model;
  model.default_delay = Distribution::uniform(10 * kMillisecond, 100 * kMillisecond);
  model.default_loss_ppm = default_ppm;
  LinkClass home;
  home.name = "home";
  home.jitter = Distribution::uniform(Duration{0}, 8 * kMillisecond);
  home.delay = Distribution::uniform(Duration{0}, 4 * kMillisecond);
  home.loss_ppm = class_ppm;
  model.classes.push_back(home);
  return model;
}

Links links_of(const LinkModel& model, std::uint64_t seed, int nodes,
               const std::string& link_class = "") {
  Links links(model, seed);
  for (int i = 0; i < nodes; ++i) links.add_node("node" + std::to_string(i), "", link_class);
  return links;
}

// Within 5 standard deviations of a binomial count: fails once in a million seeds.
void expect_rate(double count, double trials, double rate) {
  EXPECT_NEAR(count, trials * rate, 5 * std::sqrt(trials * rate * (1 - rate))) << rate;
}

TEST(Links, BaseDelayOfAPairIsTheSameBothWaysAndDiffersBetweenPairs) {
  const LinkModel model = world_model();
  Links links = links_of(model, 1, 20);
  std::vector<Duration> delays;
  for (NodeNumber a = 0; a < 20; ++a) {
    for (NodeNumber b = 0; b < a; ++b) {
      const Duration there = links.fate(a, b, kTimeZero).delay;
      EXPECT_EQ(links.fate(b, a, kTimeZero + kMillisecond).delay, there);
      EXPECT_EQ(links.round_trip(a, b).mean, 2 * there);
      EXPECT_GE(there, 10 * kMillisecond);
      EXPECT_LE(there, 100 * kMillisecond);
      delays.push_back(there);
    }
  }
  std::sort(delays.begin(), delays.end());
  EXPECT_EQ(std::adjacent_find(delays.begin(), delays.end()), delays.end());
}

TEST(Links, RowsOfTheMatrixHoldForTheWayBackUnlessItHasItsOwn) {
  const LinkModel model = world_model();
  Links links(model, 1);
  links.add_node("a", "eu", "");
  links.add_node("b", "us", "");
  links.add_node("c", "asia", "");
  links.add_node("d", "mars", "");  // a region without a row
  EXPECT_EQ(links.fate(0, 1, kTimeZero).delay, 50 * kMillisecond);
  EXPECT_EQ(links.fate(1, 0, kTimeZero).delay, 50 * kMillisecond);
  EXPECT_EQ(links.fate(0, 2, kTimeZero).delay, 110 * kMillisecond);
  EXPECT_EQ(links.round_trip(0, 1).mean, 100 * kMillisecond);
  EXPECT_EQ(links.round_trip(0, 2).mean, 230 * kMillisecond);
  double sum = 0;
  Duration least{1'000'000'000};
  Duration most{0};
  for (int i = 0; i < 1000; ++i) {
    const Duration delay = links.fate(2, 0, kTimeZero + i * kMillisecond).delay;
    sum += static_cast<double>(delay.count()) / 1e6;
    least = std::min(least, delay);
    most = std::max(most, delay);
  }
  EXPECT_NEAR(sum / 1000, 120, 1);  // 5 ms of deviation, 1000 draws: 6 standard errors
  EXPECT_LT(least, 110 * kMillisecond);
  EXPECT_GT(most, 130 * kMillisecond);
  // No row: the default, as for nodes without a region.
  for (const auto& [from, to] : {std::pair{1U, 2U}, {0U, 3U}, {3U, 3U}}) {
    const Duration delay = links.fate(from, to, kTimeZero).delay;
    EXPECT_NE(delay, 50 * kMillisecond);
    EXPECT_LE(delay, 100 * kMillisecond);
  }
}

TEST(Links, LossComesAtItsRate) {
  for (const std::uint32_t ppm : {1'000U, 50'000U, 300'000U, 1'000'000U}) {
    const LinkModel model = lossy_model(ppm, 0);
    Links links = links_of(model, 3, 2);
    int lost = 0;
    for (int i = 0; i < 50'000; ++i) {
      lost += links.fate(0, 1, kTimeZero + Duration{i}).lost ? 1 : 0;
    }
    expect_rate(lost, 50'000, ppm / 1e6);
  }
}

// A packet crosses the path and both ends' links, and arrives if it gets through all three.
TEST(Links, LossesOnOnePathAreIndependent) {
  const LinkModel model = lossy_model(200'000, 300'000);
  Links links = links_of(model, 4, 2, "home");
  int lost = 0;
  int both_ways = 0;
  for (int i = 0; i < 50'000; ++i) {
    const bool there = links.fate(0, 1, kTimeZero + Duration{i}).lost;
    const bool back = links.fate(1, 0, kTimeZero + Duration{i}).lost;
    lost += there ? 1 : 0;
    both_ways += there && back ? 1 : 0;
  }
  const double rate = 1 - 0.8 * 0.7 * 0.7;
  expect_rate(lost, 50'000, rate);
  expect_rate(both_ways, 50'000, rate * rate);
}

TEST(Links, TheRoundTripIsTheMeanOfWhatDatagramsTake) {
  const LinkModel model = lossy_model(0, 0);
  Links links = links_of(model, 5, 2, "home");
  const RoundTrip expected = links.round_trip(0, 1);
  constexpr int kPackets = 20'000;
  Duration sum{0};
  Duration off{0};
  const Fate first = links.fate(0, 1, kTimeZero);
  for (int i = 0; i < kPackets; ++i) {
    const Time now = kTimeZero + Duration{i};
    const Fate there = links.fate(0, 1, now);
    EXPECT_EQ(there.delay - there.over, first.delay - first.over);  // the path alone
    const Duration took = there.delay + links.fate(1, 0, now).delay;
    sum += took;
    off += took > expected.mean ? took - expected.mean : expected.mean - took;
  }
  const auto ratio = [](Duration a, Duration b) {
    return static_cast<double>(a.count()) / static_cast<double>(b.count());
  };
  EXPECT_NEAR(ratio(sum / kPackets, expected.mean), 1, 0.02);
  EXPECT_NEAR(ratio(off / kPackets, expected.deviation), 1, 0.2);
  EXPECT_TRUE(links.jitters(0, 1));
}

TEST(Links, WhatIsSentInOneEventSharesADatagramAsFarAsItFits) {
  const LinkModel model = lossy_model(0, 500'000);
  Links links = links_of(model, 3, 2, "home");
  int alike = 0;
  int unlike = 0;
  for (int i = 0; i < 200; ++i) {
    const Time now = kTimeZero + Duration{i};
    links.begin_event();
    const Fate first = links.fate(0, 1, now, 500);
    EXPECT_EQ(links.fate(0, 1, now, 500).delay, first.delay);
    unlike += links.fate(0, 1, now, 500).delay != first.delay ? 1 : 0;  // the next datagram
    const Fate next = links.fate(0, 1, now, 100);
    links.begin_event();
    alike += links.fate(0, 1, now, 100).delay == next.delay ? 1 : 0;
  }
  EXPECT_EQ(alike, 0);
  EXPECT_EQ(unlike, 200);
}

// A message of several datagrams is there with the last of them that arrives; which of them are
// lost is known.
TEST(Links, SeveralDatagramsFareAsEachOfThemDoes) {
  const LinkModel model = lossy_model(0, 200'000);
  Links whole = links_of(model, 3, 2, "home");
  Links parts = links_of(model, 3, 2, "home");
  int lost = 0;
  for (int i = 0; i < 200; ++i) {
    const Time now = kTimeZero + Duration{i};
    whole.begin_event();
    parts.begin_event();
    const Fate all = whole.fate(0, 1, now, 2'900);
    std::vector<Fate> each;
    for (const std::size_t bytes : {1'200U, 1'200U, 500U}) {
      each.push_back(parts.fate(0, 1, now, bytes));
    }
    Duration last{0};
    std::uint32_t which = 0;
    for (std::size_t part = 0; part < each.size(); ++part) {
      if (each[part].lost) {
        which |= 1U << part;
      } else {
        last = std::max(last, each[part].delay);
      }
    }
    EXPECT_EQ(all.delay, last);
    EXPECT_EQ(all.lost, which != 0);
    EXPECT_EQ(all.which, which);
    lost += all.lost ? 1 : 0;
  }
  EXPECT_GT(lost, 50);
  EXPECT_LT(lost, 200);
}

// Draws for different purposes of one packet have nothing to do with each other: that it took long
// says nothing about whether it was lost, nor its fate about that of the next one.
TEST(Links, DelayLossAndTheNextPacketAreUncorrelated) {
  const LinkModel model = lossy_model(0, 200'000);
  Links links = links_of(model, 5, 2, "home");
  const Duration typical = links.round_trip(0, 1).mean / 2;
  constexpr int kPackets = 50'000;
  int lost = 0;
  int slow = 0;
  int lost_and_slow = 0;
  int lost_twice = 0;
  bool before = false;
  for (int i = 0; i < kPackets; ++i) {
    const Fate fate = links.fate(0, 1, kTimeZero + i * kMillisecond);
    lost += fate.lost ? 1 : 0;
    slow += fate.delay > typical ? 1 : 0;
    lost_and_slow += fate.lost && fate.delay > typical ? 1 : 0;
    if (i % 2 == 1) lost_twice += fate.lost && before ? 1 : 0;
    before = fate.lost;
  }
  const double loss = 1 - 0.8 * 0.8;
  expect_rate(lost, kPackets, loss);
  expect_rate(slow, kPackets, 0.5);
  expect_rate(lost_and_slow, kPackets, loss * 0.5);
  expect_rate(lost_twice, kPackets / 2, loss * loss);
}

TEST(Links, PacketsSentAtOneInstantAreToldApart) {
  const LinkModel model = lossy_model(500'000, 0);
  Links links = links_of(model, 6, 2);
  int lost = 0;
  for (int i = 0; i < 2'000; ++i) lost += links.fate(0, 1, kTimeZero).lost ? 1 : 0;
  expect_rate(lost, 2'000, 0.5);
}

TEST(Links, SeedsAndNamesMakeTheFate) {
  const LinkModel model = lossy_model(500'000, 0);
  Links one = links_of(model, 7, 3);
  Links same = links_of(model, 7, 3);
  Links other = links_of(model, 8, 3);
  int differ_by_seed = 0;
  int differ_by_pair = 0;
  for (int i = 0; i < 1'000; ++i) {
    const Time now = kTimeZero + i * kMillisecond;
    const Fate fate = one.fate(0, 1, now);
    const Fate again = same.fate(0, 1, now);
    EXPECT_EQ(fate.lost, again.lost);
    EXPECT_EQ(fate.delay, again.delay);
    differ_by_seed += fate.lost != other.fate(0, 1, now).lost ? 1 : 0;
    differ_by_pair += fate.lost != one.fate(0, 2, now).lost ? 1 : 0;
  }
  expect_rate(differ_by_seed, 1'000, 0.5);
  expect_rate(differ_by_pair, 1'000, 0.5);
}

TEST(Links, DrawsOfANodeLieInTheirRange) {
  const LinkModel model = world_model();
  const Links links = links_of(model, 9, 2);
  Duration least = kMillisecond;
  Duration most{0};
  for (int i = 0; i < 1'000; ++i) {
    const Duration drawn = links.draw(0, kTimeZero + Duration{i}, kMillisecond);
    least = std::min(least, drawn);
    most = std::max(most, drawn);
  }
  EXPECT_LT(least, kMillisecond / 100);
  EXPECT_GT(most, kMillisecond * 99 / 100);
  EXPECT_LE(most, kMillisecond);
}

struct Packet {
  NodeNumber from;
  NodeNumber to;
  Time now;
};

// Comparisons of A and B live on this: to take a node out of a scenario, and with it all it sends,
// changes nothing about the packets of others.
RC_GTEST_PROP(LinksProperty, TakingANodeOutLeavesOtherPacketsAlone, (std::uint64_t seed)) {
  const LinkModel model = lossy_model(100'000, 200'000);
  constexpr NodeNumber kNodes = 6;
  const auto gone = *rc::gen::inRange<NodeNumber>(0, kNodes);
  Links all(model, seed);
  Links rest(model, seed);
  std::vector<NodeNumber> number_in_rest(kNodes);
  NodeNumber next = 0;
  for (NodeNumber i = 0; i < kNodes; ++i) {
    const std::string name = "node" + std::to_string(i);
    const std::string link = i % 2 == 0 ? "home" : "";
    all.add_node(name, "", link);
    if (i == gone) continue;
    rest.add_node(name, "", link);
    number_in_rest[i] = next++;
  }
  Time now = kTimeZero;
  const int packets = *rc::gen::inRange(0, 200);
  for (int i = 0; i < packets; ++i) {
    now += *rc::gen::inRange(0, 2) * kMillisecond;
    const auto from = *rc::gen::inRange<NodeNumber>(0, kNodes);
    const auto to = *rc::gen::inRange<NodeNumber>(0, kNodes);
    const Fate fate = all.fate(from, to, now);
    if (from == gone || to == gone) continue;
    const Fate again = rest.fate(number_in_rest[from], number_in_rest[to], now);
    RC_ASSERT(again.lost == fate.lost);
    RC_ASSERT(again.delay == fate.delay);
  }
}

}  // namespace
}  // namespace macula::sim
