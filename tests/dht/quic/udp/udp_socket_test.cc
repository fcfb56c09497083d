#include "dht/quic/udp/udp_socket.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <rapidcheck/gtest.h>

#include <cerrno>

#include "dht/quic/udp/socket_address.h"

namespace macula::dht::quic {
namespace {

struct Datagram {
  Endpoint remote;
  std::string bytes;
};

UdpSocket open(const Endpoint& at = make_ipv4(kLoopback, 0)) {
  auto socket = UdpSocket::bind(at);
  if (!socket) throw std::runtime_error(socket.error().message);
  return std::move(*socket);
}

bool wait_readable(const UdpSocket& socket, int ms) {
  pollfd poll{socket.fd(), POLLIN, 0};
  return ::poll(&poll, 1, ms) == 1;
}

std::vector<Datagram> receive(UdpSocket& socket, std::size_t count) {
  std::vector<Datagram> received;
  while (received.size() < count && wait_readable(socket, 2000)) {
    socket.receive([&](const Endpoint& remote, std::string_view bytes) {
      received.push_back({remote, std::string(bytes)});
    });
  }
  return received;
}

TEST(UdpSocket, PortZeroBecomesAFreeOneAndATakenOneIsAnError) {
  const UdpSocket first = open();
  EXPECT_NE(first.local().port, 0);
  const auto second = UdpSocket::bind(first.local());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, EADDRINUSE);
  EXPECT_NE(second.error().message.find(format_endpoint(first.local())), std::string::npos);
}

TEST(UdpSocket, NothingLeavesBeforeFlush) {
  UdpSocket from = open();
  UdpSocket to = open();
  from.send(to.local(), "later");
  EXPECT_EQ(from.queued(), 1U);
  EXPECT_FALSE(wait_readable(to, 20));
  EXPECT_TRUE(from.flush());
  EXPECT_EQ(from.queued(), 0U);
  const auto received = receive(to, 1);
  ASSERT_EQ(received.size(), 1U);
  EXPECT_EQ(received[0].bytes, "later");
  EXPECT_EQ(received[0].remote, from.local());
}

TEST(UdpSocket, DatagramsOfOneSizeLeaveInOneMessage) {
  UdpSocket from = open();
  UdpSocket to = open();
  for (int i = 0; i < 40; ++i)
    from.send(to.local(), std::string(1200, static_cast<char>('a' + i % 26)));
  from.send(to.local(), "the short rest");
  EXPECT_TRUE(from.flush());
  EXPECT_EQ(from.counters().send_calls, 1U);
  EXPECT_EQ(from.counters().sent, 41U);
  const auto received = receive(to, 41);
  ASSERT_EQ(received.size(), 41U);
  for (std::size_t i = 0; i < 40; ++i) {
    EXPECT_EQ(received[i].bytes, std::string(1200, static_cast<char>('a' + i % 26))) << i;
  }
  EXPECT_EQ(received[40].bytes, "the short rest");
  EXPECT_LE(to.counters().receive_calls, 3U);
}

// Each receiver gets its own datagrams, whole and in order, whatever the sizes and receivers.
RC_GTEST_PROP(UdpSocketProperty, EachReceiverGetsWhatWasSentToItInOrder, ()) {
  UdpSocket from = open();
  std::vector<UdpSocket> to;
  for (int i = 0; i < 3; ++i) to.push_back(open());
  const auto count = *rc::gen::inRange<std::size_t>(0, 200);
  std::vector<std::vector<std::string>> wanted(to.size());
  for (std::size_t i = 0; i < count; ++i) {
    const auto receiver = *rc::gen::inRange<std::size_t>(0, to.size());
    const auto size = *rc::gen::element<std::size_t>(1, 2, 500, 500, 500, 1200, 1200, 2048);
    const std::string bytes(size, static_cast<char>(i));
    wanted[receiver].push_back(bytes);
    from.send(to[receiver].local(), bytes);
  }
  while (!from.flush()) {
  }
  for (std::size_t receiver = 0; receiver < to.size(); ++receiver) {
    const auto received = receive(to[receiver], wanted[receiver].size());
    RC_ASSERT(received.size() == wanted[receiver].size());
    for (std::size_t i = 0; i < received.size(); ++i) {
      RC_ASSERT(received[i].bytes == wanted[receiver][i]);
    }
  }
}

TEST(UdpSocket, LongDatagramsAreCountedAndDropped) {
  UdpSocket from = open();
  UdpSocket to = open();
  from.send(to.local(), std::string(UdpSocket::kDatagramBytes + 1, 'x'));
  from.send(to.local(), std::string(UdpSocket::kDatagramBytes, 'y'));
  EXPECT_TRUE(from.flush());
  const auto received = receive(to, 1);
  ASSERT_EQ(received.size(), 1U);
  EXPECT_EQ(received[0].bytes, std::string(UdpSocket::kDatagramBytes, 'y'));
  EXPECT_EQ(to.counters().too_long, 1U);
}

TEST(UdpSocket, WhatTheSystemRefusesIsDroppedAndTheRestFollows) {
  UdpSocket from = open();
  UdpSocket to = open();
  from.send(to.local(), "before");
  from.send(to.local(), std::string(70'000, 'x'));  // more than a datagram can hold
  from.send(to.local(), "after");
  EXPECT_TRUE(from.flush());
  EXPECT_EQ(from.counters().dropped, 1U);
  const auto received = receive(to, 2);
  ASSERT_EQ(received.size(), 2U);
  EXPECT_EQ(received[1].bytes, "after");
}

TEST(UdpSocket, TheQueueHasALimit) {
  UdpSocket from = open();
  const std::string large(2000, 'x');
  const std::size_t fitting = UdpSocket::kQueueBytes / large.size();
  for (std::size_t i = 0; i < fitting + 5; ++i) from.send(make_ipv4(kLoopback, 9), large);
  EXPECT_EQ(from.queued(), fitting);
  EXPECT_EQ(from.counters().dropped, 5U);
}

TEST(UdpSocket, AnIpv4SocketReachesNoIpv6) {
  UdpSocket from = open();
  from.send(*parse_endpoint("[::1]:9"), "lost");
  EXPECT_EQ(from.queued(), 0U);
  EXPECT_EQ(from.counters().dropped, 1U);
}

TEST(UdpSocket, AnIpv6WildcardReachesBothFamilies) {
  auto bound = UdpSocket::bind(*parse_listen_endpoint("[::]:0"));
  if (!bound) GTEST_SKIP() << "no IPv6 here: " << bound.error().message;
  UdpSocket four = open();
  bound->send(four.local(), "to IPv4");
  EXPECT_TRUE(bound->flush());
  const auto received = receive(four, 1);
  ASSERT_EQ(received.size(), 1U);
  EXPECT_EQ(received[0].remote, make_ipv4(kLoopback, bound->local().port));
  four.send(received[0].remote, "back");
  EXPECT_TRUE(four.flush());
  const auto answer = receive(*bound, 1);
  ASSERT_EQ(answer.size(), 1U);
  EXPECT_EQ(answer[0].remote, four.local());  // the mapped form is undone
}

// A wildcard socket, and one that has asked it at another address than the system would choose.
struct Asked {
  explicit Asked(const std::string& wildcard, const std::string& at) {
    auto bound = UdpSocket::bind(*parse_listen_endpoint(wildcard + ":0"));
    if (!bound) return;
    wild = std::make_unique<UdpSocket>(std::move(*bound));
    asked_at = *parse_listen_endpoint(at + ":0");
    asked_at.port = wild->local().port;
    asker = std::make_unique<UdpSocket>(
        open(*parse_listen_endpoint(is_ipv4(asked_at) ? "127.0.0.1:0" : "[::1]:0")));
    asker->send(asked_at, "who is there");
    asker->flush();
    if (wait_readable(*wild, 2000)) {
      wild->receive([&](const Endpoint&, std::string_view) { local = wild->arrived_at(); });
    }
  }

  std::unique_ptr<UdpSocket> wild;
  std::unique_ptr<UdpSocket> asker;
  Endpoint asked_at;
  LocalAddress local;
};

// One by one, and many in one message with its segments.
TEST(UdpSocket, AWildcardAnswersFromTheAddressThatWasAsked) {
  const std::pair<const char*, const char*> cases[] = {
      {"0.0.0.0", "127.0.0.2"}, {"0.0.0.0", "127.0.0.1"}, {"[::]", "127.0.0.2"}, {"[::]", "[::1]"}};
  for (const auto& [wildcard, at] : cases) {
    Asked it(wildcard, at);
    if (!it.wild) continue;  // no IPv6 here
    EXPECT_EQ(it.local.address, it.asked_at.address) << wildcard << " asked at " << at;
    it.wild->send_from(it.local, it.asker->local(), "one");
    for (int i = 0; i < 30; ++i) {
      it.wild->send_from(it.local, it.asker->local(), std::string(1200, 'x'));
    }
    EXPECT_TRUE(it.wild->flush());
    EXPECT_LE(it.wild->counters().send_calls, 2U);
    const auto received = receive(*it.asker, 31);
    ASSERT_EQ(received.size(), 31U) << wildcard << " asked at " << at;
    for (const Datagram& datagram : received) EXPECT_EQ(datagram.remote, it.asked_at);
  }
}

// An address that the machine has lost: datagrams from it are dropped, and no others.
TEST(UdpSocket, AnAddressThatIsNotOursCostsOnlyWhatWasToLeaveFromIt) {
  Asked it("0.0.0.0", "127.0.0.2");
  const LocalAddress gone{make_ipv4(0xc0000201, 0).address};
  for (int i = 0; i < 3; ++i) {
    it.wild->send_from(gone, it.asker->local(), std::string(1200, 'x'));
  }
  EXPECT_TRUE(it.wild->flush());
  EXPECT_EQ(it.wild->counters().dropped, 3U);
  const std::uint64_t calls = it.wild->counters().send_calls;
  for (int i = 0; i < 30; ++i) {
    it.wild->send_from(it.local, it.asker->local(), std::string(1200, 'y'));
  }
  EXPECT_TRUE(it.wild->flush());
  EXPECT_EQ(it.wild->counters().send_calls, calls + 1);  // still in one message
  EXPECT_EQ(receive(*it.asker, 30).size(), 30U);
}

}  // namespace
}  // namespace macula::dht::quic
