// A node that has left does nothing more of its own accord, whatever it was about to do.
#include <gtest/gtest.h>

#include <chrono>

#include "tests/dht/node/node_fixture.h"

namespace macula::dht {
namespace {

class LeaveTest : public NodeTest {
 protected:
  // It has left, and says nothing for a day.
  void expect_silence(Node& node) {
    bool left = false;
    node.leave(kSecond, [&] { left = true; });
    EXPECT_TRUE(left);  // it advertised nothing
    const std::size_t asked = host.requests.size();
    const std::size_t sent = host.sent.size();
    EXPECT_EQ(host.open_timers(), 0U);
    host.advance(std::chrono::hours(24));
    EXPECT_EQ(host.requests.size(), asked);
    EXPECT_EQ(host.sent.size(), sent);
    EXPECT_EQ(host.meetings.size(), 0U);
  }
  void fail_all() {
    while (!host.open_requests().empty()) {
      host.fail(host.open_requests().front(), Failure::timeout);
    }
  }
};

TEST_F(LeaveTest, EndsItsChores) {
  Node& node = start();
  for (std::uint64_t i = 1; i < 10; ++i) node.add_contact(contact(i));
  EXPECT_TRUE(node.chores_wait());
  expect_silence(node);
  EXPECT_FALSE(node.chores_wait());
}

TEST_F(LeaveTest, EndsAJoinThatIsTriedAgain) {
  protocol.maintenance = false;
  Node& node = start({contact(1)});
  fail_all();
  ASSERT_EQ(host.open_timers(), 1U);
  expect_silence(node);
}

TEST_F(LeaveTest, EndsWhatIsToBePlacedAgain) {
  protocol.evict = false;
  protocol.refresh_interval = std::chrono::hours(10000);
  Node& node = start();
  node.add_contact(contact(1));
  node.store(numbered_id(5), text("v"), [](StoreResult&) {});
  fail_all();
  expect_silence(node);
}

// Nor does it begin a chore for what comes to it later.
TEST_F(LeaveTest, PlansNothingForWhatIsStoredAtIt) {
  Node& node = start();
  node.add_contact(contact(1));
  expect_silence(node);
  EXPECT_TRUE(node.store_local(numbered_id(5), text("v")));
  host.tell(contact(2), wire::Cast{"hello", ""});
  EXPECT_EQ(host.open_timers(), 0U);
}

}  // namespace
}  // namespace macula::dht
