// Troubles around a node, on the machine where it runs, seen through the program.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "dht/quic/udp/socket_address.h"
#include "dht/quic/udp/udp_socket.h"
#include "dht/quic/udp/unique_fd.h"
#include "tests/dht/quic/node/node_process.h"

namespace macula::dht::quic {
namespace {

// It answers, and ends as it should.
void expect_well(NodeProcess& node, const std::string& at) {
  ASSERT_NE(at, "");
  const Output ping = run_client({"ping", "--via", at});
  EXPECT_EQ(ping.code, 0) << ping.err;
  node.signal(SIGTERM);
  EXPECT_EQ(node.wait(), 0);
}

// ----- a log that cannot be written -----

TEST(Log, AFullDiskAndAClosedStreamEndNothing) {
  for (const char* err : {"/dev/full", ""}) {
    NodeProcess node(run_words(), err);
    expect_well(node, node.said("listening on "));
  }
}

// The line at its start finds no reader (and SIGPIPE), or one that never reads.
TEST(Log, AReaderThatHasGoneOrStallsEndsNothing) {
  const TempFolder folder;
  const std::string pipe = folder.path("pipe");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  for (const bool stalls : {true, false}) {
    UniqueFd reader(::open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    const UniqueFd writer(::open(pipe.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC));
    const std::string junk(4096, 'x');
    while (::write(writer.get(), junk.data(), junk.size()) > 0) {
    }
    NodeProcess node(run_words(), pipe);
    const std::string at = node.said("listening on ");
    if (!stalls) reader.reset();
    expect_well(node, at);
  }
}

TEST(Log, WhatWasLostIsCountedOnceItCanBeWrittenAgain) {
  const TempFolder folder;
  const std::string pipe = folder.path("pipe");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const UniqueFd reader(::open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  const UniqueFd writer(::open(pipe.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC));
  const std::string junk(4096, 'x');
  while (::write(writer.get(), junk.data(), junk.size()) > 0) {
  }
  // Nobody is there: that is said again and again.
  NodeProcess node(run_words({"--bootstrap", "127.0.0.1:1"}), pipe);
  ASSERT_NE(node.said("edge node "), "");
  std::string text(1 << 20, ' ');
  while (::read(reader.get(), text.data(), text.size()) > 0) {
  }
  std::string heard;
  for (int i = 0; i < 20000 && heard.find("lines lost from this log") == std::string::npos; ++i) {
    const ssize_t count = ::read(reader.get(), text.data(), text.size());
    if (count > 0) heard.append(text.data(), static_cast<std::size_t>(count));
    if (count <= 0) ::usleep(1000);
  }
  EXPECT_NE(heard.find("macula-node: lines lost from this log: 1\n"), std::string::npos) << heard;
}

TEST(Log, AResultThatCannotBeWrittenIsNoSuccess) {
  const TempFolder folder;
  for (const char* out : {"/dev/full", ""}) {
    const Output help = run_client({"--help"}, out, folder.path("err"));
    EXPECT_EQ(help.code, 2);
    EXPECT_NE(help.err.find("standard output"), std::string::npos) << help.err;
  }
  NodeProcess node(run_words());
  const Words ping{"ping", "--via", node.said("listening on ")};
  EXPECT_EQ(run_client(ping, "/dev/full", folder.path("err")).code, 2);
  EXPECT_EQ(run_client(ping).code, 0);
}

// A node is of use though nobody reads what it says: it says so in its log, and ends in order.
TEST(Log, AStandardOutputThatCannotBeWrittenIsNoFailureOfANodeThatStays) {
  NodeProcess first(run_words());
  const std::string at = first.said("listening on ");
  ASSERT_NE(at, "");
  const TempFolder folder;
  const std::string err = folder.path("err");
  const std::vector<Words> stay = {run_words(), {"advertise", "sum", "--exec", "cat", "--via", at}};
  for (const Words& words : stay) {
    for (const char* out : {"/dev/full", ""}) {
      NodeProcess node(words, out, err);
      // A guard against hangs, however busy the machine is.
      for (int i = 0; i < 100'000; ++i) {
        if (read_text(err).find("cannot write to the standard output") != std::string::npos) break;
        ::usleep(1000);
      }
      EXPECT_NE(read_text(err).find("cannot write to the standard output"), std::string::npos);
      node.signal(SIGTERM);
      EXPECT_EQ(node.wait(), 0);
    }
  }
}

// ----- its data -----

TEST(Data, ASecondUserOfAFolderIsRefused) {
  const TempFolder folder;
  const Words words = run_words({"--data", folder.path("d")});
  {
    NodeProcess first(words);
    ASSERT_NE(first.said("bootstrap node "), "");
    const Output second = run_client(words);
    EXPECT_EQ(second.code, 2);
    EXPECT_NE(second.err.find("held by another macula-node"), std::string::npos) << second.err;
    first.signal(SIGKILL);
    EXPECT_EQ(first.wait(), -1);
  }
  NodeProcess third(words);  // leftovers of a kill are no obstacle
  EXPECT_NE(third.said("bootstrap node "), "") << third.errors();
}

TEST(Data, DamagedContactsAreNoObstacleADamagedKeyIs) {
  const TempFolder folder;
  const Words words = run_words({"--data", folder.path("d")});
  std::filesystem::create_directory(folder.path("d"));
  std::filesystem::permissions(folder.path("d"), std::filesystem::perms::owner_all);
  write_text(folder.path("d/contacts"), "");
  {
    NodeProcess node(words);
    expect_well(node, node.said("listening on "));
    EXPECT_NE(node.errors().find("contacts.damaged"), std::string::npos) << node.errors();
  }
  write_text(folder.path("d/identity"), "");
  const Output output = run_client(words);
  EXPECT_EQ(output.code, 2);
  EXPECT_NE(output.err.find("identity"), std::string::npos) << output.err;
}

// ----- its addresses -----

TEST(Address, AWildcardAnswersAtEachAddressOfItsMachine) {
  const bool six = UniqueFd(::socket(AF_INET6, SOCK_DGRAM, 0)) &&
                   local_address_towards(*parse_endpoint("[::1]:9")).has_value();
  for (const std::string any : {"0.0.0.0", "[::]"}) {
    if (any == "[::]" && !six) continue;
    NodeProcess node(
        {"run", "--listen", any + ":0", "--announce", "127.0.0.2:9", "--health", "127.0.0.1:0"});
    const std::string listening = node.said("listening on ");
    ASSERT_NE(listening, "") << node.errors();
    const std::string port = listening.substr(listening.rfind(':'));
    Words addresses{"127.0.0.1", "127.0.0.2", "127.1.2.3"};
    if (any == "[::]") addresses.emplace_back("[::1]");
    for (const std::string& address : addresses) {
      const Output ping = run_client({"ping", "--via", address + port});
      EXPECT_EQ(ping.code, 0) << any << " asked at " << address << ": " << ping.err;
    }
  }
}

// Answers of no connection, too: here to a version of QUIC that nobody speaks.
TEST(Address, AWildcardAnswersStrangersFromTheAddressThatTheyAsked) {
  NodeProcess node(
      {"run", "--listen", "0.0.0.0:0", "--announce", "127.0.0.2:9", "--health", "127.0.0.1:0"});
  const std::string listening = node.said("listening on ");
  ASSERT_NE(listening, "") << node.errors();
  const auto asked = parse_endpoint("127.0.0.2" + listening.substr(listening.rfind(':')));
  auto socket = UdpSocket::bind(make_ipv4(0x7f000001, 0));
  ASSERT_TRUE(socket && asked);
  std::string packet(1200, '\0');
  packet.replace(0, 6, "\xc0\x1a\x2a\x3a\x4a\x08");  // a long header, its version, 8 bytes of an id
  packet[14] = 8;                                    // and of another
  socket->send(*asked, packet);
  ASSERT_TRUE(socket->flush());
  std::optional<Endpoint> from;
  pollfd ready{socket->fd(), POLLIN, 0};
  ASSERT_EQ(::poll(&ready, 1, 60'000), 1);
  socket->receive([&](const Endpoint& remote, std::string_view) { from = remote; });
  EXPECT_EQ(from, asked);
}

// Free a moment ago.
std::string free_port() {
  auto socket = UdpSocket::bind(make_ipv4(0x7f000001, 0));
  EXPECT_TRUE(socket);
  return ':' + std::to_string(socket->local().port);
}

TEST(Address, ItsOwnAmongTheBootstrapNodesIsIgnoredWithAWord) {
  const std::string port = free_port();
  const std::pair<Words, std::string> cases[] = {
      {{"--listen", "127.0.0.1" + port}, "127.0.0.1" + port},
      {{"--listen", "127.0.0.1" + port}, "localhost" + port},
      {{"--listen", "127.0.0.1" + port, "--announce", "192.0.2.1:7"}, "192.0.2.1:7"},
      {{"--listen", "0.0.0.0" + port, "--announce", "127.0.0.2" + port}, "127.0.0.3" + port},
  };
  for (const auto& [listen, bootstrap] : cases) {
    Words words{"run", "--health", "127.0.0.1:0", "--bootstrap", bootstrap};
    words.insert(words.end(), listen.begin(), listen.end());
    NodeProcess node(words);
    ASSERT_NE(node.said("edge node "), "") << node.errors();
    EXPECT_TRUE(node.logs("this node itself")) << bootstrap << node.errors();
    EXPECT_TRUE(node.logs("first of a network")) << node.errors();
    EXPECT_EQ(http_get(node.said("health on http://"), "/health").status, 200) << bootstrap;
  }
}

// With others in the list it joins those.
TEST(Address, ItsOwnBesideAnotherIsNoObstacle) {
  NodeProcess first(run_words());
  const std::string own = "127.0.0.1" + free_port();
  NodeProcess second({"run", "--listen", own, "--health", "127.0.0.1:0", "--bootstrap", own,
                      first.said("listening on ")});
  EXPECT_TRUE(second.logs("this node itself"));
  EXPECT_TRUE(second.logs("met " + first.said("bootstrap node "))) << second.errors();
}

TEST(Address, ABootstrapNodeMayBeGivenByName) {
  NodeProcess first(run_words());
  const std::string at = first.said("listening on ");
  NodeProcess second(run_words({"--bootstrap", "localhost" + at.substr(at.rfind(':'))}));
  EXPECT_TRUE(second.logs("met " + first.said("bootstrap node "))) << second.errors();
}

TEST(Address, AnUnknownNameAndASilentNodeAreLoggedAndNotReady) {
  NodeProcess node(run_words({"--bootstrap", "no-such-host.invalid:9443", "127.0.0.1:1"}));
  const std::string health = node.said("health on http://");
  EXPECT_TRUE(node.logs("no-such-host.invalid:9443: "));
  EXPECT_TRUE(node.logs("no answer from 127.0.0.1:1")) << node.errors();
  const HttpReply ready = http_get(health, "/readyz");
  EXPECT_EQ(ready.status, 503);
  EXPECT_NE(ready.body.find("\"reason\":\"no bootstrap node has answered yet\""), std::string::npos)
      << ready.body;
  EXPECT_EQ(http_get(health, "/livez").status, 200);
}

}  // namespace
}  // namespace macula::dht::quic
