// A host that a test plays: it records what its guest asks for, and the test answers.
//
//   FakeHost host;
//   Node node(host, ...);
//   host.attach(node);
//   node.ping(peer, 5s, done);
//   host.answer(host.last_request(), wire::Pong{...});
//
// Time stands still but in `advance`, which fires the timers and fails the requests that fall due.
// Misuse by the guest (a timeout of nothing, two answers to one request) fails the test.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "dht/transport.h"

namespace macula::dht {

class FakeHost final : public Host {
 public:
  struct Sent {
    ContactRef to;
    wire::Message message;
  };
  struct Request {
    ContactRef to;
    wire::Message message;
    Duration timeout;
    Time give_up;
    Token token;
    bool open = true;
  };
  struct Reply {
    InboundId request;
    wire::Message message;
  };
  struct Timer {
    Time due;
    Token token;
    bool open = true;
  };
  struct Meeting {
    Endpoint endpoint;
    Time give_up;
    Token token;
    bool open = true;
  };

  void attach(Guest& guest) { guest_ = &guest; }

  // ----- what the guest asks for -----
  [[nodiscard]] Time now() const override { return now_; }
  [[nodiscard]] std::uint64_t random(Draw) override { return mix(++draws_, 0x5eed); }
  TimerId set_timer(Duration delay, Token token) override {
    EXPECT_GE(delay.count(), 0);
    timers.push_back({now_ + delay, token});
    return TimerId{timers.size() - 1};
  }
  void cancel_timer(TimerId timer) override {
    timers.at(static_cast<std::size_t>(timer)).open = false;
  }
  void send(ContactRef to, wire::Message&& message) override {
    sent.push_back({to, std::move(message)});
  }
  RequestId request(ContactRef to, wire::Message&& message, Duration timeout,
                    Token token) override {
    EXPECT_GT(timeout.count(), 0);
    requests.push_back({to, std::move(message), timeout, now_ + timeout, token});
    return RequestId{requests.size() - 1};
  }
  void cancel(RequestId request) override {
    requests.at(static_cast<std::size_t>(request)).open = false;
  }
  void reply(InboundId request, wire::Message&& message) override {
    for (const Reply& reply : replies) EXPECT_NE(reply.request, request) << "answered twice";
    replies.push_back({request, std::move(message)});
  }
  void refuse(InboundId request) override { refused.push_back(request); }

  void meet(const Endpoint& endpoint, Duration patience, Token token) override {
    EXPECT_GT(patience.count(), 0);
    meetings.push_back({endpoint, now_ + patience, token});
  }
  [[nodiscard]] bool reached(ContactRef contact) const override {
    return std::find(claimed.begin(), claimed.end(), contact) == claimed.end();
  }

  // ----- what the test does -----
  // The contact at the endpoint of a meeting; kNoContact: none, before its patience is over.
  void let_meet(std::size_t meeting, ContactRef contact) {
    ASSERT_TRUE(meetings.at(meeting).open);
    meetings[meeting].open = false;
    guest_->on_met(meetings[meeting].token, contact);
  }
  void answer(std::size_t request, wire::Message message) {
    ASSERT_TRUE(requests.at(request).open);
    requests[request].open = false;
    guest_->on_reply(requests[request].token, message);
  }
  void fail(std::size_t request, Failure failure) {
    ASSERT_TRUE(requests.at(request).open);
    requests[request].open = false;
    guest_->on_failure(requests[request].token, failure);
  }
  // Hands the guest a request and returns the id by which it answers.
  InboundId ask(ContactRef from, wire::Message message) {
    const InboundId id{++inbound_};
    ask_as(from, id, std::move(message));
    return id;
  }
  // `from` is what the host knows of the sender: `kNoContact` and the id of its key, say.
  void ask_as(const Sender& from, InboundId id, wire::Message message) {
    guest_->on_request(from, id, message);
  }
  void tell_as(const Sender& from, wire::Message message) { guest_->on_message(from, message); }
  void tell(ContactRef from, wire::Message message) { guest_->on_message(from, message); }

  void give_up(InboundId request) { guest_->on_given_up(request); }

  // Lets time pass: everything that falls due happens at its time.
  void advance(Duration duration) {
    const Time end = now_ + duration;
    while (const auto due = next_due()) {
      if (*due > end) break;
      now_ = *due;
      fire_one();
    }
    now_ = end;
  }

  [[nodiscard]] std::size_t last_request() const { return requests.size() - 1; }
  [[nodiscard]] std::vector<std::size_t> open_requests() const {
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < requests.size(); ++i) {
      if (requests[i].open) open.push_back(i);
    }
    return open;
  }
  [[nodiscard]] std::size_t open_timers() const {
    return static_cast<std::size_t>(
        std::count_if(timers.begin(), timers.end(), [](const Timer& timer) { return timer.open; }));
  }
  // The answer to an inbound request; nullptr where there is none.
  [[nodiscard]] wire::Message* reply_to(InboundId request) {
    for (Reply& reply : replies) {
      if (reply.request == request) return &reply.message;
    }
    return nullptr;
  }

  [[nodiscard]] std::size_t last_meeting() const { return meetings.size() - 1; }

  // Deques, whose elements stay where they are: tests hold on to them.
  std::deque<Sent> sent;
  std::deque<Request> requests;
  std::deque<Reply> replies;
  std::deque<Timer> timers;
  std::deque<Meeting> meetings;
  std::vector<InboundId> refused;
  std::vector<ContactRef> claimed;  // contacts that are not where they say, as far as is known

 private:
  [[nodiscard]] std::optional<Time> next_due() const {
    std::optional<Time> due;
    const auto consider = [&](bool open, Time time) {
      if (open && (!due || time < *due)) due = time;
    };
    for (const Timer& timer : timers) consider(timer.open, timer.due);
    for (const Request& request : requests) consider(request.open, request.give_up);
    for (const Meeting& meeting : meetings) consider(meeting.open, meeting.give_up);
    return due;
  }

  void fire_one() {
    for (Timer& timer : timers) {
      if (!timer.open || timer.due != now_) continue;
      timer.open = false;
      guest_->on_timer(timer.token);
      return;
    }
    for (std::size_t i = 0; i < requests.size(); ++i) {
      if (!requests[i].open || requests[i].give_up != now_) continue;
      fail(i, Failure::timeout);
      return;
    }
    for (std::size_t i = 0; i < meetings.size(); ++i) {
      if (!meetings[i].open || meetings[i].give_up != now_) continue;
      let_meet(i, kNoContact);
      return;
    }
  }

  Guest* guest_ = nullptr;
  Time now_{};
  std::uint64_t draws_ = 0;
  std::uint64_t inbound_ = 0;
};

}  // namespace macula::dht
