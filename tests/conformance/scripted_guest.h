// A guest for the conformance suite: it notes what its host tells, does what the test scripts, and
// holds the host to its word on the way: no callback from inside one of its own calls, none after
// death, none for what was cancelled or has ended.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "dht/transport.h"

namespace macula::conformance {

class ScriptedGuest final : public dht::Guest {
 public:
  // A request of this guest, named by its token.
  struct Asked {
    dht::RequestId id{};
    Time sent{};
    Duration timeout{0};
    bool cancelled = false;
    int replies = 0;
    int failures = 0;
    dht::Failure failure = dht::Failure::timeout;
    std::uint64_t answer = 0;  // the timestamp in the pong
    Time settled{};
  };
  struct Inbound {
    dht::ContactRef from;
    dht::InboundId id;
    std::uint64_t timestamp;
  };

  explicit ScriptedGuest(dht::Host& host) : host_(host) {}

  // ----- what it does -----
  // Pings with the token as the timestamp; tokens count up from 0 in each guest.
  dht::Token ask(dht::ContactRef to, Duration timeout) {
    const dht::Token token = asked.size();
    asked.push_back({});
    asked[token].sent = host_.now();
    asked[token].timeout = timeout;
    const auto id =
        calling([&] { return host_.request(to, dht::wire::Ping{token}, timeout, token); });
    asked[token].id = id;
    return token;
  }
  void cancel(dht::Token token) {
    calling([&] { host_.cancel(asked[token].id); });
    asked[token].cancelled = true;
  }
  void send(dht::ContactRef to, std::uint64_t number) {
    calling([&] { host_.send(to, dht::wire::Cast{std::to_string(number), {}}); });
  }
  void reply(const Inbound& request, std::uint64_t answer) {
    calling([&] { host_.reply(request.id, dht::wire::Pong{answer, 0}); });
  }
  void reply(const Inbound& request) { reply(request, request.timestamp); }
  dht::TimerId set_timer(Duration delay, dht::Token token) {
    return calling([&] { return host_.set_timer(delay, token); });
  }
  void cancel_timer(dht::TimerId timer) {
    calling([&] { host_.cancel_timer(timer); });
  }
  // From now on a callback is a failure.
  void die() { dead_ = true; }

  // ----- what it was told -----
  std::vector<Asked> asked;  // by token
  std::vector<Inbound> requests;
  std::vector<std::pair<dht::ContactRef, std::uint64_t>> messages;
  std::vector<std::pair<dht::Token, Time>> timers;

  // ----- the script -----
  // What it does with a request; by default it answers at once.
  std::function<void(const Inbound&)> on_inbound = [this](const Inbound& request) {
    reply(request);
  };
  std::function<void(dht::Token)> when_fired;  // a timer
  std::function<void()> after_each;            // callback

 private:
  void on_message(dht::ContactRef from, dht::wire::Message& message) override {
    hear([&] {
      messages.emplace_back(from, std::stoull(std::get<dht::wire::Cast>(message).procedure));
    });
  }
  void on_request(dht::ContactRef from, dht::InboundId id, dht::wire::Message& message) override {
    hear([&] {
      const Inbound request{from, id, std::get<dht::wire::Ping>(message).timestamp};
      requests.push_back(request);
      if (on_inbound) on_inbound(request);
    });
  }
  void on_reply(dht::Token token, dht::wire::Message& message) override {
    hear([&] {
      if (!settle(token)) return;
      ++asked[token].replies;
      asked[token].answer = std::get<dht::wire::Pong>(message).timestamp;
    });
  }
  void on_failure(dht::Token token, dht::Failure failure) override {
    hear([&] {
      if (!settle(token)) return;
      ++asked[token].failures;
      asked[token].failure = failure;
    });
  }
  void on_timer(dht::Token token) override {
    hear([&] {
      timers.emplace_back(token, host_.now());
      if (when_fired) when_fired(token);
    });
  }

  // Every call of the host goes through here: a callback from inside it is noticed.
  template <typename Call>
  auto calling(Call call) -> decltype(call()) {
    struct Scope {
      int& depth;
      ~Scope() { --depth; }
    } scope{++calls_under_way_};
    return call();
  }
  template <typename Act>
  void hear(Act act) {
    EXPECT_EQ(calls_under_way_, 0) << "called from inside one of the guest's own calls";
    EXPECT_FALSE(dead_) << "called after its death";
    act();
    if (after_each) after_each();
  }
  // False for a token that this guest never gave.
  bool settle(dht::Token token) {
    EXPECT_LT(token, asked.size()) << "a token never given";
    if (token >= asked.size()) return false;
    EXPECT_FALSE(asked[token].cancelled) << "an outcome after cancel";
    EXPECT_EQ(asked[token].replies + asked[token].failures, 0) << "a second outcome";
    asked[token].settled = host_.now();
    return true;
  }

  dht::Host& host_;
  int calls_under_way_ = 0;
  bool dead_ = false;
};

}  // namespace macula::conformance
