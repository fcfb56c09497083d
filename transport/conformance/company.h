// A world for the conformance suites, and the guests on its endpoints.
//
// A world is a few endpoints, joined by whatever network:
//
//     struct World {
//       using Words = ...;                         // what its messages say: words.h
//       static constexpr Duration kTolerance{0};   // how late a timer or timeout may be
//       static constexpr Duration kSecond{...};    // of the suite; less: real time
//       static constexpr int kRandomRuns = 5;      // at most, of the test that acts at random
//       World(std::size_t endpoints, std::uint64_t seed);
//       Host<Words::Message>& host(std::size_t endpoint);
//       Peer contact(std::size_t endpoint);
//       Peer nobody();                             // a contact at which no endpoint listens
//       Endpoint endpoint(Peer);                   // of those
//       void start(std::size_t endpoint, Guest<Words::Message>& guest);
//       void kill(std::size_t endpoint);           // it may be started again
//       void close(std::size_t endpoint);          // in order: what it has accepted is delivered
//       void pause(std::size_t endpoint);          // as if its process were stopped
//       void resume(std::size_t endpoint);
//       void cut(std::size_t from, std::size_t to);  // one way
//       void heal();
//       void run_for(Duration duration);
//     };
//
// A message between two live endpoints that are not cut off arrives within 10 of these seconds,
// whatever the world loses and delays.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <utility>
#include <vector>

#include "transport/conformance/scripted_guest.h"

namespace macula::conformance {

inline constexpr Duration kMillisecond = std::chrono::milliseconds(1);
// Long enough for any message, through any loss.
template <typename World>
inline constexpr Duration kGenerous = 20 * World::kSecond;

template <typename World>
using GuestOf = ScriptedGuest<typename World::Words>;

// A world with a guest on each endpoint; the guests of former lives stay, to notice callbacks.
template <typename World>
class Company {
 public:
  explicit Company(std::size_t endpoints, std::uint64_t seed = 1)
      : world(endpoints, seed), guests_(endpoints) {
    for (std::size_t i = 0; i < endpoints; ++i) start(i);
  }

  void start(std::size_t endpoint) {
    auto guest = std::make_unique<GuestOf<World>>(world.host(endpoint));
    world.start(endpoint, *guest);
    guests_[endpoint].push_back(std::move(guest));
  }
  void kill(std::size_t endpoint) {
    world.kill(endpoint);
    guest(endpoint).die();
  }
  void close(std::size_t endpoint) { world.close(endpoint); }
  GuestOf<World>& guest(std::size_t endpoint) { return *guests_[endpoint].back(); }
  Asked& asked(std::size_t endpoint, transport::Token token) {
    return guest(endpoint).asked[token];
  }
  transport::Token ask(std::size_t from, std::size_t to, Duration timeout = kGenerous<World>) {
    return guest(from).ask(world.contact(to), timeout);
  }
  // Lets time pass until the condition holds, at most a generous time, or some of them.
  template <typename Condition>
  void run_until(Condition condition, int generous_times = 1) {
    constexpr int kSlices = 400;
    for (int i = 0; i < kSlices * generous_times && !condition(); ++i) {
      world.run_for(kGenerous<World> / kSlices);
    }
  }
  // Until all requests of the guests that live have ended, and a moment longer.
  void finish(int generous_times = 1) {
    const auto settled = [&] {
      for (const auto& lives : guests_) {
        if (!lives.back()->settled()) return false;
      }
      return true;
    };
    run_until(settled, generous_times);
    world.run_for(World::kSecond / 10);
  }
  void expect_answered(std::size_t endpoint, transport::Token token) {
    EXPECT_EQ(asked(endpoint, token).replies, 1);
    EXPECT_EQ(asked(endpoint, token).failures, 0);
    EXPECT_EQ(asked(endpoint, token).answer, token);
  }
  void expect_timed_out(std::size_t endpoint, transport::Token token) {
    const auto& request = asked(endpoint, token);
    EXPECT_EQ(request.replies, 0);
    ASSERT_EQ(request.failures, 1);
    EXPECT_EQ(request.failure, transport::Failure::timeout);
    EXPECT_GE(request.settled, request.sent + request.timeout);
    EXPECT_LE(request.settled, request.sent + request.timeout + World::kTolerance);
  }

  World world;

 private:
  std::vector<std::vector<std::unique_ptr<GuestOf<World>>>> guests_;
};

}  // namespace macula::conformance
