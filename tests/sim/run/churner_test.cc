// Nodes that come and go: when, and as what.
#include "sim/run/churner.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "sim/macula/community.h"
#include "tests/sim/scenario_text.h"

namespace macula::sim {
namespace {

using std::chrono_literals::operator""min;
using std::chrono_literals::operator""s;

std::string text(const std::string& churn, int count) {
  return "[scenario]\nschema = 1\nname = \"t\"\nduration = \"4h\"\ntables = \"none\"\n"
         "identity = \"unbound\"\n[protocol]\nttl = \"1h\"\n"
         "[[node]]\nname = \"calm\"\n[[group]]\nname = \"eu\"\ncount = " +
         std::to_string(count) + "\n[churn.eu]\napplies_to = \"eu\"\n" + churn + kExpect;
}

// A run under churn, stopped wherever one wants to look.
class Churned {
 public:
  explicit Churned(const std::string& churn, int count = 4000, std::vector<TraceEvent> trace = {})
      : scenario_(read(churn, count)) {
    if (!trace.empty()) {
      scenario_.churn.front().traced = true;
      scenario_.churn.front().events = std::move(trace);
    }
    world_ = std::make_unique<World>(scenario_, 1);
    churner_ = std::make_unique<Churner>(*world_);
    churner_->schedule_all();
  }

  World& at(Duration time) {
    EXPECT_TRUE(world_->network().run_until(kTimeZero + time));
    return *world_;
  }

  // The share of the group that is up then.
  double up_at(Duration time) {
    World& world = at(time);
    double up = 0;
    for (NodeNumber node = 1; node < world.size(); ++node) up += world.up(node) ? 1 : 0;
    return up / static_cast<double>(world.size() - 1);
  }

 private:
  static Scenario read(const std::string& churn, int count) {
    auto scenario = parse(text(churn, count));
    if (!scenario) throw std::runtime_error(errors(text(churn, count)));
    return std::move(*scenario);
  }

  Scenario scenario_;
  std::unique_ptr<World> world_;
  std::unique_ptr<Churner> churner_;
};

// Five standard errors of a share of 4000.
constexpr double kGate = 5 * 0.5 / 63.2;

// With shape 1/2 and scale 30 min the mean is 1 h; let x = sqrt(t / 30 min): sessions survive with
// e^-x, what is left of them with (1 + x) e^-x.
const std::string kWeibull = "session = \"weibull(shape=0.5, scale=30min)\"\n";

TEST(Churner, FreshSessionsSurviveAsSessionsDo) {
  Churned run(kWeibull + "start = \"fresh\"\n");
  EXPECT_NEAR(run.up_at(60min), std::exp(-std::sqrt(2.0)), kGate);
  EXPECT_NEAR(run.up_at(120min), std::exp(-2.0), kGate);
}

TEST(Churner, TheInitialPopulationIsMetAmidItsSessions) {
  Churned run(kWeibull);
  EXPECT_EQ(run.up_at(Duration{0}), 1.0);
  EXPECT_NEAR(run.up_at(60min), (1 + std::sqrt(2.0)) * std::exp(-std::sqrt(2.0)), kGate);
  EXPECT_NEAR(run.up_at(120min), 3 * std::exp(-2.0), kGate);
}

TEST(Churner, AStationaryPopulationStaysAsItIs) {
  Churned run(kWeibull + "downtime = \"pareto(shape=2, scale=10min)\"\nstart = \"stationary\"\n");
  for (const Duration time : {Duration{0}, Duration{30min}, Duration{90min}, Duration{240min}}) {
    EXPECT_NEAR(run.up_at(time), 60.0 / (60 + 20), kGate) << time.count();
  }
  EXPECT_TRUE(run.at(240min).up(0));  // not of the class
}

TEST(Churner, FromAndUntilLimitIt) {
  Churned run(
      "session = \"constant(10min)\"\ndowntime = \"1min\"\nstart = \"fresh\"\n"
      "from = \"30min\"\nuntil = \"45min\"\n",
      5);
  EXPECT_EQ(run.up_at(39min), 1.0);
  EXPECT_EQ(run.up_at(40min + 30s), 0.0);
  EXPECT_EQ(run.up_at(42min), 1.0);
  EXPECT_EQ(run.up_at(240min), 1.0);
}

TEST(Churner, WithoutDowntimeNobodyComesBack) {
  Churned run("session = \"constant(10min)\"\nstart = \"fresh\"\n", 5);
  EXPECT_EQ(run.up_at(9min), 1.0);
  EXPECT_EQ(run.up_at(240min), 0.0);
}

TEST(Churner, SessionsOfNothingDoNotStopTheTime) {
  Churned run("session = \"0s\"\ndowntime = \"0s\"\nstart = \"fresh\"\nuntil = \"1s\"\n", 1);
  EXPECT_EQ(run.up_at(2s), 1.0);
}

// The state of a node after its first restart: whether the same id, contacts, records.
struct Kept {
  bool id = false;
  bool contacts = false;
  bool records = false;
};

Kept kept_with(const std::string& restart) {
  Churned run(
      "session = \"constant(10min)\"\ndowntime = \"1min\"\nstart = \"fresh\"\nrestart = \"" +
          restart + "\"\n",
      2);
  World& world = run.at(1min);
  const dht::NodeId id = macula(world).book().id(macula(world).contact(1));
  const dht::ContactRef former = macula(world).contact(1);
  const dht::Key key = dht::normalize("note");
  macula(world).node(1).add_contact(macula(world).contact(0));
  EXPECT_TRUE(macula(world).node(1).store_local(
      key, std::make_shared<const dht::wire::Value>(dht::wire::Value{std::string("text")})));
  run.at(12min);
  EXPECT_TRUE(world.up(1));
  const dht::NodeId& now = macula(world).book().id(macula(world).contact(1));
  // Full knowledge finds the node by the id that it has now, and its contact leads to it.
  EXPECT_EQ(macula(world).directory().closest(now, 1, [](NodeNumber) { return true; }),
            std::vector<NodeNumber>{1});
  EXPECT_EQ(world.network().node_of(macula(world).contact(1)), 1U);
  EXPECT_EQ(world.network().node_of(former), now == id ? 1U : kNoNode);
  return {now == id, macula(world).node(1).table().size() > 0,
          macula(world).node(1).records().find(key) != nullptr};
}

TEST(Churner, WhatComesBackIsAsRestartSays) {
  const Kept identity = kept_with("keep-identity");
  EXPECT_TRUE(identity.id && !identity.contacts && !identity.records);
  const Kept state = kept_with("keep-state");
  EXPECT_TRUE(state.id && state.contacts && state.records);
  const Kept nothing = kept_with("nothing");
  EXPECT_TRUE(!nothing.id && !nothing.contacts && !nothing.records);
}

TEST(Churner, ATraceIsFollowed) {
  Churned run("session = \"1h\"\n", 3,
              {{5min, "eu#0", false}, {6min, "eu#1", true}, {7min, "eu#0", true}});
  World& world = run.at(1min);
  EXPECT_TRUE(world.up(1));
  EXPECT_FALSE(world.up(2));  // its first event is `up`
  EXPECT_TRUE(world.up(3));
  run.at(5min + 1s);
  EXPECT_FALSE(world.up(1));
  run.at(6min + 1s);
  EXPECT_TRUE(world.up(2));
  run.at(240min);
  EXPECT_TRUE(world.up(1) && world.up(2) && world.up(3));
}

// Each node draws for itself: among fewer nodes the others live as before.
TEST(Churner, NodesDoNotDisturbEachOther) {
  const std::string churn = kWeibull + "downtime = \"10min\"\n";
  Churned few(churn, 20);
  Churned many(churn, 40);
  for (int minutes = 10; minutes < 240; minutes += 10) {
    World& a = few.at(std::chrono::minutes(minutes));
    World& b = many.at(std::chrono::minutes(minutes));
    for (NodeNumber node = 0; node < a.size(); ++node) EXPECT_EQ(a.up(node), b.up(node)) << node;
  }
}

}  // namespace
}  // namespace macula::sim
