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

#include "transport/conformance/words.h"
#include "transport/guest.h"
#include "transport/host.h"

namespace macula::conformance {

// A request of a guest, named by its token.
struct Asked {
  transport::RequestId id{};
  Time sent{};
  Duration timeout{0};
  bool cancelled = false;
  int replies = 0;
  int failures = 0;
  transport::Failure failure = transport::Failure::timeout;
  std::uint64_t answer = 0;  // the token in the answer
  std::size_t bytes = 0;     // that a large answer carries
  Time settled{};
};

// A request that a guest was asked.
struct Inbound {
  transport::Peer from;
  transport::InboundId id;
  std::uint64_t timestamp;  // the asker's token
  std::size_t bytes = 0;    // that a large request carries
};

template <Words W>
class ScriptedGuest final : public transport::Guest<typename W::Message> {
 public:
  using Message = typename W::Message;

  explicit ScriptedGuest(transport::Host<Message>& host) : host_(host) {}

  // ----- what it does -----
  // Asks for the token back; tokens count up from 0 in each guest.
  transport::Token ask(transport::Peer to, Duration timeout) { return ask_large(to, 0, timeout); }
  // The same with so many bytes of text.
  transport::Token ask_large(transport::Peer to, std::size_t bytes, Duration timeout) {
    const transport::Token token = asked.size();
    asked.push_back({});
    asked[token].sent = host_.now();
    asked[token].timeout = timeout;
    asked[token].id = calling([&] {
      return host_.request(to, W::say({Saying::Kind::question, token, pattern(bytes)}), timeout,
                           token);
    });
    return token;
  }
  void cancel(transport::Token token) {
    calling([&] { host_.cancel(asked[token].id); });
    asked[token].cancelled = true;
  }
  void send(transport::Peer to, std::uint64_t number) {
    calling([&] { host_.send(to, W::say({Saying::Kind::notice, number})); });
  }
  void reply(const Inbound& request, std::uint64_t answer) {
    calling([&] { host_.reply(request.id, W::say({Saying::Kind::answer, answer})); });
  }
  void refuse(const Inbound& request) {
    calling([&] { host_.refuse(request.id); });
  }
  void reply(const Inbound& request) { reply_large(request, request.bytes); }
  void reply_large(const Inbound& request, std::size_t bytes) {
    calling([&] {
      host_.reply(request.id, W::say({Saying::Kind::answer, request.timestamp, pattern(bytes)}));
    });
  }
  transport::TimerId set_timer(Duration delay, transport::Token token) {
    return calling([&] { return host_.set_timer(delay, token); });
  }
  // Tokens of meetings count up from 0, too.
  transport::Token meet(const transport::Endpoint& endpoint, Duration patience) {
    const transport::Token token = meetings.size();
    meetings.emplace_back();
    calling([&] { host_.meet(endpoint, patience, token); });
    return token;
  }
  [[nodiscard]] bool reached(transport::Peer contact) {
    return calling([&] { return host_.reached(contact); });
  }
  void cancel_timer(transport::TimerId timer) {
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
  std::vector<std::pair<transport::Peer, std::uint64_t>> messages;
  std::vector<std::pair<transport::Token, Time>> timers;
  std::vector<std::vector<std::pair<transport::Peer, Time>>> meetings;  // outcomes, by token
  std::vector<transport::InboundId> given_up;  // requests that nobody waits for any more

  // ----- the script -----
  // Its reaction to a request; by default it answers at once.
  std::function<void(const Inbound&)> on_inbound = [this](const Inbound& request) {
    reply(request);
  };
  std::function<void(transport::Token)> when_fired;  // a timer
  std::function<void()> after_each;                  // callback

 private:
  void on_message(const transport::Sender& from, Message& message) override {
    hear([&] {
      const Saying heard = W::hear(message);
      EXPECT_EQ(heard.kind, Saying::Kind::notice);
      messages.emplace_back(from.contact, heard.number);
    });
  }
  void on_request(const transport::Sender& from, transport::InboundId id,
                  Message& message) override {
    hear([&] {
      const Saying heard = W::hear(message);
      EXPECT_EQ(heard.kind, Saying::Kind::question);
      EXPECT_TRUE(heard.text == pattern(heard.text.size())) << "a damaged request";
      const Inbound request{from.contact, id, heard.number, heard.text.size()};
      requests.push_back(request);
      if (on_inbound) on_inbound(request);
    });
  }
  void on_reply(transport::Token token, Message& message) override {
    hear([&] {
      if (!settle(token)) return;
      const Saying heard = W::hear(message);
      EXPECT_EQ(heard.kind, Saying::Kind::answer);
      EXPECT_TRUE(heard.text == pattern(heard.text.size())) << "a damaged answer";
      ++asked[token].replies;
      asked[token].answer = heard.number;
      asked[token].bytes = heard.text.size();
    });
  }
  void on_failure(transport::Token token, transport::Failure failure) override {
    hear([&] {
      if (!settle(token)) return;
      ++asked[token].failures;
      asked[token].failure = failure;
    });
  }
  void on_timer(transport::Token token) override {
    hear([&] {
      timers.emplace_back(token, host_.now());
      if (when_fired) when_fired(token);
    });
  }

  void on_given_up(transport::InboundId request) override {
    hear([&] { given_up.push_back(request); });
  }
  void on_met(transport::Token token, transport::Peer contact) override {
    hear([&] { meetings.at(token).emplace_back(contact, host_.now()); });
  }

  static std::string pattern(std::size_t bytes) {
    std::string text(bytes, '\0');
    for (std::size_t i = 0; i < bytes; ++i) text[i] = static_cast<char>(i % 251);
    return text;
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
  bool settle(transport::Token token) {
    EXPECT_LT(token, asked.size()) << "a token never given";
    if (token >= asked.size()) return false;
    EXPECT_FALSE(asked[token].cancelled) << "an outcome after cancel";
    EXPECT_EQ(asked[token].replies + asked[token].failures, 0) << "a second outcome";
    asked[token].settled = host_.now();
    return true;
  }

  transport::Host<Message>& host_;
  int calls_under_way_ = 0;
  bool dead_ = false;
};

}  // namespace macula::conformance
