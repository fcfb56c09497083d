// QUIC hosts on an in-memory network in virtual time, for tests.
//
//   VirtualWire wire({.least_delay = 5ms, .most_delay = 40ms, .lost_per_mille = 50}, seed);
//   wire.join(endpoint, host);
//   wire.cut(a, b);                      // one way
//   wire.pause(a);                       // as if its process were stopped; datagrams wait
//   wire.run_until(end);
//
// Hosts are driven as a loop drives them: a datagram at a time, timers when they are due, a flush
// after each. The fate of datagrams is drawn from the seed.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "dht/quic/host/quic_host.h"
#include "tests/dht/quic/engine/wire_pair.h"

namespace macula::dht::quic {

struct VirtualLink {
  Duration least_delay = std::chrono::milliseconds(5);
  Duration most_delay = std::chrono::milliseconds(40);
  std::uint64_t lost_per_mille = 0;
};

class VirtualWire {
 public:
  // A datagram that was sent, for comparing runs.
  struct Sent {
    Time time;
    std::size_t from;
    std::size_t to;
    std::size_t size;
    friend bool operator==(const Sent&, const Sent&) = default;
  };
  static constexpr std::size_t kNobody = static_cast<std::size_t>(-1);

  VirtualWire(const VirtualLink& link, std::uint64_t seed) : link_(link), random_(seed) {}

  // Hosts are numbered as they join for the first time.
  std::size_t add(const Endpoint& endpoint) {
    members_.push_back({endpoint, nullptr, false, {}});
    return members_.size() - 1;
  }
  void plug(std::size_t member, QuicHost* host) {
    members_[member].host = host;
    members_[member].held.clear();
  }
  void pause(std::size_t member) { members_[member].paused = true; }
  void resume(std::size_t member) {
    if (!std::exchange(members_[member].paused, false)) return;
    for (auto& [from, bytes] : std::exchange(members_[member].held, {})) {
      if (members_[member].host == nullptr) continue;
      members_[member].host->receive(members_[from].endpoint, bytes, now_);
    }
    drive(member);
  }
  void cut(std::size_t from, std::size_t to) { cuts_.push_back({from, to}); }
  void heal() { cuts_.clear(); }

  // Hosts may be used after this, and know the time.
  void run_until(Time end) {
    settle();
    std::size_t at_once = 0;
    for (;;) {
      const Time next = next_time();
      if (next > end) break;
      at_once = next > now_ ? 0 : at_once + 1;
      MACULA_CHECK(at_once < 1'000'000);  // time goes on
      now_ = std::max(now_, next);
      step();
    }
    now_ = std::max(now_, end);
    settle();
  }

  [[nodiscard]] Time now() const { return now_; }
  [[nodiscard]] const std::vector<Sent>& sent() const { return sent_; }
  std::function<void(const Sent&)> on_sent;

 private:
  struct Datagram {
    std::size_t from;
    std::size_t to;
    std::string bytes;
  };
  struct Member {
    Endpoint endpoint;
    QuicHost* host;  // nullptr: down
    bool paused;
    std::vector<std::pair<std::size_t, std::string>> held;
  };
  struct Sink final : DatagramSink {
    Sink(VirtualWire& wire, std::size_t from) : wire(wire), from(from) {}
    void send(const Endpoint& remote, std::string_view datagram) override {
      wire.carry(from, remote, datagram);
    }
    VirtualWire& wire;
    std::size_t from;
  };

  [[nodiscard]] bool awake(std::size_t member) const {
    return members_[member].host != nullptr && !members_[member].paused;
  }
  void drive(std::size_t member) {
    if (!awake(member)) return;
    Sink sink(*this, member);
    members_[member].host->advance(now_);
    members_[member].host->flush(now_, sink);
  }
  // All know the time, and have sent what their guests have said since.
  void settle() {
    for (std::size_t i = 0; i < members_.size(); ++i) drive(i);
  }
  [[nodiscard]] std::size_t member_at(const Endpoint& endpoint) const {
    for (std::size_t i = 0; i < members_.size(); ++i) {
      if (members_[i].endpoint == endpoint) return i;
    }
    return kNobody;
  }
  void carry(std::size_t from, const Endpoint& remote, std::string_view bytes) {
    const std::size_t to = member_at(remote);
    sent_.push_back({now_, from, to, bytes.size()});
    if (on_sent) on_sent(sent_.back());
    if (to == kNobody || random_.happens(link_.lost_per_mille)) return;
    if (std::find(cuts_.begin(), cuts_.end(), std::pair{from, to}) != cuts_.end()) return;
    const auto range =
        static_cast<std::uint64_t>((link_.most_delay - link_.least_delay).count()) + 1;
    const Duration delay = link_.least_delay + Duration(random_.draw() % range);
    arrivals_.emplace(std::pair{now_ + delay, ++number_}, Datagram{from, to, std::string(bytes)});
  }
  [[nodiscard]] Time next_time() const {
    Time next = arrivals_.empty() ? kTimeMax : arrivals_.begin()->first.first;
    for (std::size_t i = 0; i < members_.size(); ++i) {
      if (awake(i)) next = std::min(next, members_[i].host->next_expiry());
    }
    return next;
  }
  void step() {
    if (!arrivals_.empty() && arrivals_.begin()->first.first <= now_) {
      const Datagram datagram = std::move(arrivals_.begin()->second);
      arrivals_.erase(arrivals_.begin());
      Member& to = members_[datagram.to];
      if (to.paused) {
        to.held.emplace_back(datagram.from, datagram.bytes);
      } else if (to.host != nullptr) {
        Sink sink(*this, datagram.to);
        to.host->receive(members_[datagram.from].endpoint, datagram.bytes, now_);
        to.host->flush(now_, sink);
      }
      return;
    }
    for (std::size_t i = 0; i < members_.size(); ++i) {
      if (awake(i) && members_[i].host->next_expiry() <= now_) drive(i);
    }
  }

  VirtualLink link_;
  SeededRandom random_;
  Time now_ = kTimeZero;
  std::vector<Member> members_;
  std::vector<std::pair<std::size_t, std::size_t>> cuts_;
  std::map<std::pair<Time, std::uint64_t>, Datagram> arrivals_;
  std::uint64_t number_ = 0;
  std::vector<Sent> sent_;
};

}  // namespace macula::dht::quic
