// A network of real nodes in one loop, whose clock is set forward: the nodes of `macula-node run`,
// on real sockets, hours in seconds.
//
//   RealNetwork network;
//   network.add();                    // the first
//   network.add({network.at(0)});     // one that joins through it
//   network.run_for(std::chrono::hours(1));
//   network.kill(3);                  // says nothing any more
//
// The list of live nodes tells what a node should know; no node is asked for that.
#pragma once

#include <sys/epoll.h>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/check.h"
#include "dht/quic/node/running_node.h"
#include "tests/dht/quic/hostile/arena.h"
#include "tests/dht/quic/udp/stepped_clock.h"

namespace macula::dht::quic {

class RealNetwork : public Arena {
 public:
  struct Member {
    Endpoint at;
    NodeId id;
    std::unique_ptr<RunningNode> node;  // nothing: dead
    std::optional<UdpSocket> grave;     // takes datagrams to a dead node
    std::optional<Loop::WatchId> watch;
  };

  // Joins through these; none: the first of a network. At a free port of 127.0.0.1, or at `at`;
  // says that it is there, or at `announced`.
  std::size_t add(const std::vector<Endpoint>& bootstrap = {}, DataFolder* data = nullptr,
                  const std::optional<Endpoint>& at = std::nullopt,
                  const std::optional<Endpoint>& announced = std::nullopt) {
    Settings settings;
    settings.listen = at.value_or(make_ipv4(0x7f000001, 0));
    settings.announce = announced;
    settings.health = make_ipv4(0x7f000001, 0);
    for (const Endpoint& endpoint : bootstrap) {
      settings.bootstrap.push_back(*parse_remote(format_endpoint(endpoint)));
    }
    auto node = RunningNode::open(*loop_, settings, data);
    MACULA_CHECK(node.has_value());
    Member& member = members_.emplace_back();
    member.node = std::move(*node);
    member.at = member.node->live().socket().local();
    member.id = member.node->live().self().id;
    member.node->begin();
    return members_.size() - 1;
  }

  [[nodiscard]] Loop& arena_loop() override { return *loop_; }

  // Without a word to anybody.
  void kill(std::size_t i) {
    Member& member = members_[i];
    const auto& counters = member.node->live().socket().counters();
    sent_by_dead_ += counters.sent;
    received_by_dead_ += counters.received;
    member.node.reset();
    member.grave.emplace(std::move(*UdpSocket::bind(member.at)));
    UdpSocket& grave = *member.grave;
    member.watch = loop_->watch(grave.fd(), EPOLLIN, [&grave](std::uint32_t) {
      while (grave.receive([](const Endpoint&, std::string_view) {}) == UdpSocket::kBatch) {
      }
    });
  }
  // Its port is free again.
  void bury(std::size_t i) {
    Member& member = members_[i];
    received_by_dead_ += member.grave->counters().received;
    loop_->forget(*member.watch);
    member.grave.reset();
  }

  void run_for(Duration duration) {
    run_until([] { return false; }, duration);
  }
  bool run_until(const std::function<bool()>& condition, Duration duration) override {
    const Time end = loop_->now() + duration;
    while (!condition()) {
      const Duration left = end - loop_->now();
      if (left <= Duration{0}) return false;
      loop_->run_once(left);
    }
    return true;
  }

  [[nodiscard]] const Endpoint& at(std::size_t i) const { return members_[i].at; }
  [[nodiscard]] const NodeId& id(std::size_t i) const { return members_[i].id; }
  [[nodiscard]] std::size_t size() const { return members_.size(); }
  [[nodiscard]] bool lives(std::size_t i) const { return members_[i].node != nullptr; }
  [[nodiscard]] RunningNode& running(std::size_t i) { return *members_[i].node; }
  [[nodiscard]] Node& node(std::size_t i) { return members_[i].node->live().node(); }
  [[nodiscard]] Time now() const { return loop_->now(); }
  // Calls into a node, at the present time.
  void use(std::size_t i, const std::function<void(Node&)>& action) {
    members_[i].node->live().host().advance(now());
    action(node(i));
  }

  [[nodiscard]] std::vector<std::size_t> living() const {
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < members_.size(); ++i) {
      if (lives(i)) all.push_back(i);
    }
    return all;
  }
  // The k living nodes whose ids are closest to the key.
  [[nodiscard]] std::vector<std::size_t> closest(const Key& key, std::size_t k) const {
    std::vector<std::size_t> all = living();
    std::sort(all.begin(), all.end(), [&](std::size_t a, std::size_t b) {
      return distance(id(a), key) < distance(id(b), key);
    });
    all.resize(std::min(all.size(), k));
    return all;
  }
  // The contacts in a node's table, by their places here; ids that are nobody's are not expected.
  [[nodiscard]] std::vector<std::size_t> known_to(std::size_t i) {
    std::vector<std::size_t> known;
    const ContactBook& book = members_[i].node->live().book();
    for (const ContactRef contact : node(i).table().entries()) {
      const auto at = std::find_if(members_.begin(), members_.end(), [&](const Member& member) {
        return member.id == book.id(contact);
      });
      MACULA_CHECK(at != members_.end());
      known.push_back(static_cast<std::size_t>(at - members_.begin()));
    }
    return known;
  }

 private:
  // Between all sockets.
  [[nodiscard]] std::int64_t under_way() const {
    std::int64_t count =
        under_way_in_arena() + static_cast<std::int64_t>(sent_by_dead_ - received_by_dead_);
    for (const Member& member : members_) {
      const UdpSocket* socket = member.grave ? &*member.grave : nullptr;
      if (member.node) socket = &member.node->live().socket();
      if (socket == nullptr) continue;
      count += static_cast<std::int64_t>(socket->counters().sent) -
               static_cast<std::int64_t>(socket->counters().received);
    }
    return count;
  }

  SteppedClock clock_{[this] { return under_way(); }};
  std::unique_ptr<Loop> loop_ = std::move(*Loop::create(clock_));
  std::deque<Member> members_;
  std::uint64_t sent_by_dead_ = 0;
  std::uint64_t received_by_dead_ = 0;
};

}  // namespace macula::dht::quic
