// A node on a fake host, with an application that records what it is handed.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "dht/node/node.h"
#include "dht/record/provider.h"
#include "tests/dht/contacts.h"
#include "tests/dht/fake_host.h"

namespace macula::dht {

struct FakeApplication final : Application {
  struct Called {
    CallHandle handle;
    std::string procedure;
    wire::Bytes args;
  };

  void on_call(CallHandle call, const std::string& procedure, const wire::Bytes& args) override {
    calls.push_back({call, procedure, args});
    if (when_called) when_called(call);
  }
  void on_cast(const std::string& procedure, const wire::Bytes& args) override {
    casts.push_back(procedure + ' ' + args);
  }

  void on_lookup(const LookupReport& report) override { lookups.push_back(report); }

  std::vector<Called> calls;
  std::vector<LookupReport> lookups;
  std::vector<std::string> casts;
  std::function<void(CallHandle)> when_called;
};

// Contact 1 is the closest to it, then 2, 3 and so on.
inline const Key kZeroKey = numbered_id(0);

// The node's id is 0: contact 1 is the one closest to it.
class NodeTest : public testing::Test {
 protected:
  static constexpr Duration kMillisecond = std::chrono::milliseconds(1);
  static constexpr Duration kSecond = std::chrono::seconds(1);

  // With whatever the test has set in `protocol`.
  Node& start(const std::vector<ContactRef>& bootstrap = {}) {
    return start_as(contact(0), bootstrap);
  }
  Node& start_as(ContactRef self, const std::vector<ContactRef>& bootstrap = {}) {
    for (auto& timer : host.timers) timer.open = false;  // of the node that was before
    node_ = std::make_unique<Node>(
        host, book, protocol, NodeConfig{self, bootstrap, nullptr, signer, nullptr}, application);
    host.attach(*node_);
    node_->start();
    return *node_;
  }

  // One that only asks, and takes no messages.
  Node& start_client() {
    NodeConfig config{contact(0xffff), {}, nullptr, signer, nullptr};
    config.client = true;
    node_ = std::make_unique<Node>(host, book, protocol, config, application);
    host.attach(*node_);
    node_->start();
    return *node_;
  }
  // Joins through whoever is at these endpoints.
  Node& start_at(const std::vector<Endpoint>& endpoints) {
    NodeConfig config{contact(0), {}, nullptr, signer, nullptr};
    config.endpoints = endpoints;
    node_ = std::make_unique<Node>(host, book, protocol, config, application);
    host.attach(*node_);
    node_->start();
    return *node_;
  }
  // All who are asked for contacts know none.
  void answer_all() {
    while (!host.open_requests().empty()) {
      host.answer(host.open_requests().front(), wire::FindNodeReply{});
    }
  }

  // The contact falls silent, and leaves the table by that.
  void lose(Node& node, ContactRef silent) {
    for (unsigned i = 0; i < RoutingTable::kBad; ++i) {
      node.ping(silent, kSecond, [](const PingResult&) {});
      host.fail(host.last_request(), Failure::timeout);
    }
    EXPECT_FALSE(node.table().contains(silent));
  }

  ContactRef contact(std::uint64_t number) { return intern(book, numbered_id(number)); }
  ContactList nodes(const std::vector<std::uint64_t>& numbers) {
    ContactList list;
    for (const std::uint64_t number : numbers) list.push_back(contact(number));
    return list;
  }
  wire::SharedValue provider_record(std::uint64_t number) {
    return make_provider_record(book.contact(contact(number)), host.now(), protocol.ttl);
  }
  static wire::SharedValue text(const std::string& value) {
    return std::make_shared<const wire::Value>(wire::Value{value});
  }

  // The message of a request made, or of an answer given.
  template <typename T>
  T& sent_as(std::size_t request) {
    return std::get<T>(host.requests.at(request).message);
  }
  template <typename T>
  T& replied_as(InboundId request) {
    wire::Message* reply = host.reply_to(request);
    if (reply == nullptr) throw std::runtime_error("no answer");
    return std::get<T>(*reply);
  }

  // Nothing is left of whatever was under way.
  void expect_idle() {
    EXPECT_EQ(node_->pending(), 0U);
    EXPECT_TRUE(host.open_requests().empty());
    EXPECT_EQ(host.open_timers(), node_->chores_wait() ? 1U : 0U);
    EXPECT_EQ(node_->violation(), std::nullopt);
  }

  ContactBook book;
  Protocol protocol;
  FakeHost host;
  FakeApplication application;
  const Signer* signer = nullptr;  // of the nodes started from now on

 private:
  std::unique_ptr<Node> node_;
};

// A Done function that keeps the result, and counts how often it was called.
template <typename Result>
struct Kept {
  auto done() {
    return [this](auto& given) {
      ++times;
      result = given;
    };
  }
  int times = 0;
  Result result{};
};

}  // namespace macula::dht
