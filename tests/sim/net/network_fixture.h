// A virtual network of scripted guests, for its tests.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sim/macula/net/virtual_macula_network.h"
#include "sim/net/cut.h"
#include "tests/conformance/macula_words.h"
#include "tests/durations.h"

namespace macula::sim {

using ScriptedGuest = conformance::MaculaGuest;

constexpr Duration kRoundTrip = 20 * kMillisecond;

// Every packet takes 10 ms unless the test says otherwise.
class NetworkTest : public testing::Test {
 protected:
  NetworkTest() { model.default_delay = Distribution::constant(10 * kMillisecond); }

  void build(std::size_t nodes, std::uint64_t seed = 1) {
    options.seed = seed;
    network = std::make_unique<VirtualMaculaNetwork>(book, model, options, MaculaCodec(book));
    for (std::size_t i = 0; i < nodes; ++i) {
      const auto number = static_cast<std::uint32_t>(i);
      contacts.push_back(*book.intern({dht::hash_id("node" + std::to_string(i)),
                                       dht::make_ipv4(0x0b000001 + number, 9443), std::nullopt}));
      network->add_node({"node" + std::to_string(i), contacts.back(), "", link_class, activation});
    }
    for (NodeNumber i = 0; i < nodes; ++i) start(i);
  }
  void start(NodeNumber node) {
    if (guests.size() <= node) guests.resize(node + std::size_t{1});
    if (guests[node] != nullptr) former.push_back(std::move(guests[node]));
    guests[node] = std::make_unique<ScriptedGuest>(network->host(node));
    network->start(node, *guests[node]);
  }
  dht::Token ask(NodeNumber from, NodeNumber to, Duration timeout = 60 * kSecond) {
    return guests[from]->ask(contacts[to], timeout);
  }
  void run_for(Duration duration) { ASSERT_TRUE(network->run_until(network->now() + duration)); }
  // How long a request takes; nothing where it is not answered.
  Duration time_of_request(NodeNumber from, NodeNumber to) {
    const dht::Token token = ask(from, to);
    run_for(90 * kSecond);
    const auto& asked = guests[from]->asked[token];
    EXPECT_EQ(asked.replies, 1);
    return asked.settled - asked.sent;
  }

  LinkModel model;
  NetworkOptions options;
  std::string link_class;
  Duration activation{0};
  dht::ContactBook book;
  std::unique_ptr<VirtualMaculaNetwork> network;
  std::vector<dht::ContactRef> contacts;
  std::vector<std::unique_ptr<ScriptedGuest>> guests;
  std::vector<std::unique_ptr<ScriptedGuest>> former;
};

}  // namespace macula::sim
