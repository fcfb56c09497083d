// A world for the conformance suites on loopback sockets, in real time.
//
// One second of the suite is a tenth of one here. All endpoints live on this thread, each with a
// socket of its own; a link that delays and loses may stand before each socket. The world's clock
// is the real one, except that between two rounds at most kStep passes: where the machine lets this
// thread wait, the world waits, too, and nobody is late for it.
#pragma once

#include <poll.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "dht/quic/host/quic_host.h"
#include "dht/quic/udp/monotonic_clock.h"
#include "dht/quic/udp/udp_socket.h"
#include "tests/conformance/macula_words.h"
#include "tests/dht/quic/engine/wire_pair.h"

namespace macula::dht::quic {

struct RealLink {
  Duration least_delay{0};
  Duration most_delay{0};
  std::uint64_t lost_per_mille = 0;
};

// `Link::link()` is the link between any two endpoints.
template <typename Link>
class RealWorld {
 public:
  using Words = conformance::MaculaWords;
  static constexpr Duration kTolerance = std::chrono::milliseconds(50);
  static constexpr Duration kSecond = std::chrono::milliseconds(100);
  static constexpr int kRandomRuns = 5;
  static constexpr Duration kStep = std::chrono::milliseconds(20);

  RealWorld(std::size_t endpoints, std::uint64_t seed) : random_(seed) {
    for (std::size_t i = 0; i <= endpoints; ++i) {
      auto& member = *members_.emplace_back(std::make_unique<Member>(i, seed));
      bind(member);
    }
    for (auto& member : members_) {
      contacts_.clear();
      for (auto& each : members_) {
        contacts_.push_back(
            *member->book.intern({each->credentials.id(), each->endpoint, std::nullopt}));
      }
    }
    members_.back()->socket.reset();  // nobody listens there
  }

  Host& host(std::size_t i) {
    Member& member = *members_[i];
    if (member.up) return *member.host;
    if (member.host) member.former.push_back(std::move(member.host));
    if (!member.socket) bind(member);
    HostConfig config;
    config.engine.static_secret.assign(32, static_cast<char>(i));
    config.engine.initial_rtt = std::chrono::milliseconds(30);
    config.engine.handshake_timeout = std::chrono::seconds(3);
    config.engine.initials_window = 30 * kSecond;
    member.host = std::make_unique<QuicHost>(member.book, contacts_[i], member.credentials, config,
                                             member.random, now_);
    member.up = true;
    return *member.host;
  }
  ContactRef contact(std::size_t i) const { return contacts_[i]; }
  ContactRef nobody() const { return contacts_.back(); }
  Endpoint endpoint(ContactRef contact) const { return members_[0]->book.endpoint(contact); }
  void start(std::size_t i, Guest& guest) {
    members_[i]->host->start(guest);
    members_[i]->started = true;
  }
  void kill(std::size_t i) {
    Member& member = *members_[i];
    member.up = member.started = member.paused = false;
    member.socket.reset();
  }
  void close(std::size_t i) { members_[i]->host->close(now_, std::chrono::seconds(10)); }
  void pause(std::size_t i) { members_[i]->paused = true; }
  void resume(std::size_t i) { members_[i]->paused = false; }
  void cut(std::size_t from, std::size_t to) { cuts_.emplace_back(from, to); }
  void heal() { cuts_.clear(); }

  void run_for(Duration duration) {
    const Time end = now_ + duration;
    do {
      round();
      sleep_until(std::min(end, next_time()));
      pass_time();
    } while (now_ < end);
    round();
  }

 private:
  struct Member {
    Member(std::size_t number, std::uint64_t seed)
        : number(number), credentials(credentials_of(number + 1)), random(seed * 1000 + number) {}
    std::size_t number;
    Credentials credentials;
    SeededRandom random;
    Endpoint endpoint;
    std::optional<UdpSocket> socket;
    ContactBook book;
    std::unique_ptr<QuicHost> host;
    std::vector<std::unique_ptr<QuicHost>> former;  // guests of former lives may still call them
    bool up = false;
    bool started = false;
    bool paused = false;
  };
  struct Datagram {
    std::size_t from;
    Endpoint to;
    std::string bytes;
  };
  struct Sink final : DatagramSink {
    Sink(RealWorld& world, Member& from) : world(world), from(from) {}
    void send(const Endpoint& remote, std::string_view datagram) override {
      world.carry(from, remote, datagram);
    }
    RealWorld& world;
    Member& from;
  };

  void bind(Member& member) {
    const Endpoint wanted = member.endpoint.port == 0 ? make_ipv4(0x7f000001, 0) : member.endpoint;
    auto socket = UdpSocket::bind(wanted);
    MACULA_CHECK(socket.has_value());
    member.socket.emplace(std::move(*socket));
    member.endpoint = member.socket->local();
  }
  static bool awake(const Member& member) { return member.started && !member.paused; }

  // All that has come in, all that is due, all that is to be said.
  void round() {
    for (auto& member : members_) {
      if (!awake(*member)) continue;
      while (member->socket->receive([&](const Endpoint& remote, std::string_view datagram) {
        member->host->receive(remote, datagram, now_);
      }) == UdpSocket::kBatch) {
      }
      Sink sink(*this, *member);
      member->host->advance(now_);
      member->host->flush(now_, sink);
    }
    while (!late_.empty() && late_.begin()->first.first <= now_) {
      const Datagram datagram = std::move(late_.begin()->second);
      late_.erase(late_.begin());
      put(*members_[datagram.from], datagram.to, datagram.bytes);
    }
    for (auto& member : members_) {
      if (member->socket) member->socket->flush();
    }
  }
  void carry(Member& from, const Endpoint& remote, std::string_view bytes) {
    for (const auto& [source, target] : cuts_) {
      if (source == from.number && members_[target]->endpoint == remote) return;
    }
    const RealLink link = Link::link();
    if (random_.happens(link.lost_per_mille)) return;
    const auto range = static_cast<std::uint64_t>((link.most_delay - link.least_delay).count());
    const Duration delay =
        link.least_delay + Duration(static_cast<std::int64_t>(random_.draw() % (range + 1)));
    if (delay == Duration{0}) {
      put(from, remote, bytes);
    } else {
      late_.emplace(std::pair{now_ + delay, ++number_},
                    Datagram{from.number, remote, std::string(bytes)});
    }
  }
  static void put(Member& from, const Endpoint& to, std::string_view bytes) {
    if (from.socket) from.socket->send(to, bytes);
  }
  [[nodiscard]] Time next_time() const {
    Time next = late_.empty() ? kTimeMax : late_.begin()->first.first;
    for (const auto& member : members_) {
      if (awake(*member)) next = std::min(next, member->host->next_expiry());
    }
    return next;
  }
  void sleep_until(Time time) {
    std::vector<pollfd> watched;
    for (const auto& member : members_) {
      if (awake(*member)) watched.push_back({member->socket->fd(), POLLIN, 0});
    }
    const Duration left = std::clamp(time - now_, Duration{0}, kStep);
    const timespec patience{0, left.count()};
    ppoll(watched.data(), watched.size(), &patience, nullptr);
  }
  void pass_time() {
    const Time real = monotonic_now();
    now_ += std::min(real - real_, kStep);
    real_ = real;
  }

  SeededRandom random_;
  Time real_ = monotonic_now();  // when time passed last
  Time now_ = real_;
  std::vector<std::unique_ptr<Member>> members_;
  std::vector<ContactRef> contacts_;
  std::vector<std::pair<std::size_t, std::size_t>> cuts_;
  std::map<std::pair<Time, std::uint64_t>, Datagram> late_;
  std::uint64_t number_ = 0;
};

}  // namespace macula::dht::quic
