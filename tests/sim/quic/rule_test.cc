// A fault of the wires is written once, and acts on the packets of both networks.
#include "sim/net/rule.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "tests/conformance/network_world.h"

namespace macula::sim {
namespace {

constexpr Duration kPeriod = std::chrono::seconds(2);

// Nothing that is sent in the first half of a period arrives.
class Flapping : public Rule {
 public:
  [[nodiscard]] bool stops(const Packet& packet) const override {
    return packet.sent.time_since_epoch() % kPeriod < kPeriod / 2;
  }
  [[nodiscard]] std::vector<NodeNumber> nodes() const override { return {0, 1}; }
};

template <typename Mode>
class RuleTest : public testing::Test {};

using Worlds = testing::Types<InVirtual, InVirtualQuic>;
TYPED_TEST_SUITE(RuleTest, Worlds);

TYPED_TEST(RuleTest, StopsWhatItSaysWhileItStands) {
  NetworkWorld<TypeParam> world(2, 1);
  conformance::MaculaGuest asker(world.host(0));
  conformance::MaculaGuest asked(world.host(1));
  world.start(0, asker);
  world.start(1, asked);
  const auto time_of_request = [&] {
    const auto token = asker.ask(world.contact(1), kPeriod * 10);
    world.run_for(kPeriod * 10);
    EXPECT_EQ(asker.asked[token].replies, 1);
    return asker.asked[token].settled - asker.asked[token].sent;
  };
  EXPECT_LT(time_of_request(), kPeriod / 2);
  const std::size_t number = world.network().add_rule(std::make_shared<Flapping>());
  EXPECT_GT(time_of_request(), kPeriod / 2);  // it is asked as a period begins
  const std::uint64_t stopped = world.network().medium().stopped(number);
  EXPECT_GT(stopped, 0U);
  world.run_for(kPeriod / 2);
  EXPECT_LT(time_of_request(), kPeriod / 2);
  world.run_for(kPeriod / 2);
  world.network().remove_rule(number);
  EXPECT_LT(time_of_request(), kPeriod / 2);
}

}  // namespace
}  // namespace macula::sim
