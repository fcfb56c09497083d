#include "dht/quic/udp/driver.h"

#include <gtest/gtest.h>

#include "dht/node/node.h"
#include "dht/quic/engine/credentials.h"
#include "dht/quic/udp/secure_random.h"

namespace macula::dht::quic {
namespace {

// A guard against hangs, however busy the machine is.
constexpr Duration kPatience = std::chrono::minutes(1);

struct NoApplication final : Application {
  void on_call(CallHandle, const std::string&, const wire::Bytes&) override {}
  void on_cast(const std::string&, const wire::Bytes&) override {}
};

// A node on a real socket.
struct Party {
  explicit Party(Loop& loop)
      : socket(std::move(*UdpSocket::bind(make_ipv4(0x7f000001, 0)))),
        self(*book.intern({credentials.id(), socket.local(), std::nullopt})),
        host(book, self, credentials, HostConfig{}, random, loop.now()),
        node(host, book, protocol, {self, {}, nullptr}, application) {
    host.start(node);
    driver.emplace(loop, socket, host);
    protocol.maintenance = false;
    node.start();
  }

  Credentials credentials = std::move(*Credentials::from_seed(random_bytes(32)));
  SecureRandom random;
  ContactBook book;
  UdpSocket socket;
  ContactRef self;
  Protocol protocol;
  NoApplication application;
  QuicHost host;
  Node node;
  std::optional<Driver> driver;
};

TEST(Driver, TwoNodesInOneLoopMeetPingAndClose) {
  const auto loop = std::move(*Loop::create());
  Party a(*loop);
  Party b(*loop);
  std::optional<NodeId> met;
  std::optional<PingResult> pinged;
  a.host.meet(b.socket.local(), kPatience, [&](std::optional<ContactRef> contact) {
    if (!contact) return loop->stop();
    met = a.book.id(*contact);
    a.node.ping(*contact, kPatience, [&](const PingResult& result) {
      pinged = result;
      loop->stop();
    });
  });
  loop->run();
  ASSERT_EQ(met, b.credentials.id());
  ASSERT_TRUE(pinged && pinged->answered);
  EXPECT_LT(pinged->elapsed, kPatience);
  a.host.close(loop->now(), kPatience);
  const Time limit = loop->now() + kPatience;
  while (!a.host.closed() && loop->now() < limit) loop->run_once(std::chrono::milliseconds(10));
  EXPECT_TRUE(a.host.closed());
}

// An idle node sleeps: the loop turns only when something is due.
TEST(Driver, IdleNodesDoNotTurnTheLoop) {
  const auto loop = std::move(*Loop::create());
  Party a(*loop);
  const Time begin = loop->now();
  loop->run_once(std::chrono::milliseconds(50));
  EXPECT_GE(loop->now() - begin, std::chrono::milliseconds(50));
  EXPECT_EQ(a.socket.counters().receive_calls, 0U);
}

}  // namespace
}  // namespace macula::dht::quic
