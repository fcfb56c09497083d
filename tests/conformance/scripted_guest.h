// A guest for the conformance suite: it notes what its host tells, does what the test scripts, and
// holds the host to its word on the way: no callback from inside one of its own calls, none after
// death, none for what was cancelled or has ended.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
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
    std::uint64_t answer = 0;  // the token in the answer
    std::size_t bytes = 0;     // that a large answer carries
    Time settled{};
  };
  struct Inbound {
    dht::ContactRef from;
    dht::InboundId id;
    std::uint64_t timestamp;  // the asker's token
    std::size_t bytes = 0;    // that a large request carries
    bool large = false;
  };

  explicit ScriptedGuest(dht::Host& host) : host_(host) {}

  // ----- what it does -----
  // Pings with the token as the timestamp; tokens count up from 0 in each guest.
  dht::Token ask(dht::ContactRef to, Duration timeout) {
    return ask(to, dht::wire::Ping{asked.size()}, timeout);
  }
  // Calls with so many bytes of arguments.
  dht::Token ask_large(dht::ContactRef to, std::size_t bytes, Duration timeout) {
    return ask(to, dht::wire::Call{"call", pattern(bytes), call_id(asked.size()), std::nullopt},
               timeout);
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
  void refuse(const Inbound& request) {
    calling([&] { host_.refuse(request.id); });
  }
  void reply(const Inbound& request) {
    if (request.large) {
      reply_large(request, request.bytes);
    } else {
      reply(request, request.timestamp);
    }
  }
  void reply_large(const Inbound& request, std::size_t bytes) {
    calling([&] {
      host_.reply(request.id, dht::wire::Reply{call_id(request.timestamp), pattern(bytes)});
    });
  }
  dht::TimerId set_timer(Duration delay, dht::Token token) {
    return calling([&] { return host_.set_timer(delay, token); });
  }
  // Tokens of meetings count up from 0, too.
  dht::Token meet(const dht::Endpoint& endpoint, Duration patience) {
    const dht::Token token = meetings.size();
    meetings.emplace_back();
    calling([&] { host_.meet(endpoint, patience, token); });
    return token;
  }
  [[nodiscard]] bool reached(dht::ContactRef contact) {
    return calling([&] { return host_.reached(contact); });
  }
  void cancel_timer(dht::TimerId timer) {
    calling([&] { host_.cancel_timer(timer); });
  }
  // From now on a callback is a failure.
  void die() { dead_ = true; }
  // Dead, or all it has asked has ended.
  [[nodiscard]] bool settled() const {
    return dead_ || std::all_of(asked.begin(), asked.end(), [](const Asked& each) {
             return each.cancelled || each.replies + each.failures > 0;
           });
  }

  // ----- what it was told -----
  std::vector<Asked> asked;  // by token
  std::vector<Inbound> requests;
  std::vector<std::pair<dht::ContactRef, std::uint64_t>> messages;
  std::vector<std::pair<dht::Token, Time>> timers;
  std::vector<std::vector<std::pair<dht::ContactRef, Time>>> meetings;  // outcomes, by token

  // ----- the script -----
  // What it does with a request; by default it answers at once.
  std::function<void(const Inbound&)> on_inbound = [this](const Inbound& request) {
    reply(request);
  };
  std::function<void(dht::Token)> when_fired;  // a timer
  std::function<void()> after_each;            // callback

 private:
  void on_message(const dht::Sender& from, dht::wire::Message& message) override {
    hear([&] {
      messages.emplace_back(from.contact,
                            std::stoull(std::get<dht::wire::Cast>(message).procedure));
    });
  }
  void on_request(const dht::Sender& from, dht::InboundId id,
                  dht::wire::Message& message) override {
    hear([&] {
      Inbound request{from.contact, id, 0};
      if (const auto* call = std::get_if<dht::wire::Call>(&message)) {
        EXPECT_TRUE(call->args == pattern(call->args.size())) << "a damaged request";
        request.timestamp = token_of(call->call_id);
        request.bytes = call->args.size();
        request.large = true;
      } else {
        request.timestamp = std::get<dht::wire::Ping>(message).timestamp;
      }
      requests.push_back(request);
      if (on_inbound) on_inbound(request);
    });
  }
  void on_reply(dht::Token token, dht::wire::Message& message) override {
    hear([&] {
      if (!settle(token)) return;
      ++asked[token].replies;
      if (const auto* reply = std::get_if<dht::wire::Reply>(&message)) {
        const auto& result = std::get<dht::wire::Bytes>(reply->outcome);
        EXPECT_TRUE(result == pattern(result.size())) << "a damaged answer";
        asked[token].answer = token_of(reply->call_id);
        asked[token].bytes = result.size();
      } else {
        asked[token].answer = std::get<dht::wire::Pong>(message).timestamp;
      }
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

  void on_met(dht::Token token, dht::ContactRef contact) override {
    hear([&] { meetings.at(token).emplace_back(contact, host_.now()); });
  }

  dht::Token ask(dht::ContactRef to, dht::wire::Message message, Duration timeout) {
    const dht::Token token = asked.size();
    asked.push_back({});
    asked[token].sent = host_.now();
    asked[token].timeout = timeout;
    const auto id = calling([&] { return host_.request(to, std::move(message), timeout, token); });
    asked[token].id = id;
    return token;
  }
  static dht::wire::Bytes pattern(std::size_t bytes) {
    dht::wire::Bytes text(bytes, '\0');
    for (std::size_t i = 0; i < bytes; ++i) text[i] = static_cast<char>(i % 251);
    return text;
  }
  static dht::wire::CallId call_id(dht::Token token) {
    dht::wire::CallId id{};
    for (std::size_t i = 0; i < 8; ++i) id[i] = static_cast<std::uint8_t>(token >> (8 * i));
    return id;
  }
  static dht::Token token_of(const dht::wire::CallId& id) {
    dht::Token token = 0;
    for (std::size_t i = 0; i < 8; ++i) token |= dht::Token{id[i]} << (8 * i);
    return token;
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
