// The event loop of a program: descriptors, deadlines, signals, and work from other threads.
//
//   auto loop = *Loop::create();
//   loop->watch(fd, EPOLLIN, [&](std::uint32_t ready) { ... });
//   loop->at(loop->now() + std::chrono::seconds(1), [&] { ... });
//   loop->on_signal({SIGINT, SIGTERM}, [&](int signal) { loop->stop(); });
//   loop->run();
//
// One thread runs it and calls everything here, but for post(). Handlers may call everything except
// run(). Between handlers and sleep stand the members: each finishes what the round has begun, such
// as sending what is queued, and says when it wants to be called at the latest. So nothing is armed
// and disarmed per message; the sleep itself ends in time (epoll_pwait2, to the nanosecond).
//
// All times are those of the loop's clock, which tests can set forward (clock.h).
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "base/time.h"
#include "dht/quic/udp/clock.h"
#include "dht/quic/udp/poll_budget.h"
#include "dht/quic/udp/unique_fd.h"

struct epoll_event;

namespace macula::dht::quic {

class LoopMember {
 public:
  // Before each sleep. When to be called again; kTimeMax: whenever something else happens.
  [[nodiscard]] virtual Time settle(Time now) = 0;

 protected:
  ~LoopMember() = default;
};

class Loop {
 public:
  using Ready = std::function<void(std::uint32_t ready)>;
  using Action = std::function<void()>;
  enum class WatchId : std::uint64_t {};
  enum class DeadlineId : std::uint64_t {};

  // The error is for a person. The clock must outlive the loop.
  [[nodiscard]] static tl::expected<std::unique_ptr<Loop>, std::string> create(
      Clock& clock = monotonic_clock());
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;
  ~Loop();

  [[nodiscard]] Time now() const { return clock_.now(); }

  // `events`: EPOLLIN, EPOLLOUT or both, level-triggered. Nothing where the descriptor cannot be
  // watched.
  [[nodiscard]] std::optional<WatchId> watch(int fd, std::uint32_t events, Ready ready);
  void change(WatchId watch, std::uint32_t events);
  // Before the descriptor is closed. The handler is not called again.
  void forget(WatchId watch);

  DeadlineId at(Time deadline, Action action);
  // No effect on one that has been called.
  void cancel(DeadlineId deadline);

  // From any thread: `action` is called by the loop's thread.
  void post(Action action);

  // Blocks these signals for the thread and hands them to `handler`, in place of any earlier one.
  [[nodiscard]] bool on_signal(std::initializer_list<int> signals,
                               std::function<void(int)> handler);

  // Not from inside a member's settle().
  void join(LoopMember& member);
  void leave(LoopMember& member);

  // Until stop().
  void run();
  // One round: sleeps until something happens, at most for `longest`, and handles it.
  void run_once(Duration longest);
  void stop() { stopped_ = true; }

  // How many waits have ended with a poll (poll_budget.h), and how many with sleep.
  struct Waits {
    std::uint64_t polled = 0;
    std::uint64_t slept = 0;
  };
  [[nodiscard]] const Waits& waits() const { return waits_; }

 private:
  struct Watch {
    int fd;
    Ready ready;
  };
  using DeadlineKey = std::pair<Time, DeadlineId>;  // equal times in order of setting

  Loop(Clock& clock, UniqueFd epoll, UniqueFd wake);
  [[nodiscard]] Time settle_members(Time now);
  void handle_events(Time wake_at);
  // Until something has happened, or it is that time: how many events, or none.
  [[nodiscard]] int wait(epoll_event* events, Time wake_at);
  // Without sleep, for as long as the budget allows: how many events, or none.
  [[nodiscard]] int poll(epoll_event* events, Time until);
  void call_deadlines();
  void call_posted();
  void read_signals(const std::function<void(int)>& handler);

  Clock& clock_;
  UniqueFd epoll_;
  UniqueFd wake_;  // an eventfd: something was posted
  UniqueFd signals_;
  std::optional<WatchId> signal_watch_;
  std::map<WatchId, std::shared_ptr<Watch>> watches_;
  std::map<DeadlineKey, Action> deadlines_;
  std::map<DeadlineId, Time> deadline_times_;
  std::vector<LoopMember*> members_;
  std::uint64_t last_id_ = 0;
  bool stopped_ = false;
  PollBudget polls_;
  Waits waits_;
  std::mutex posted_mutex_;
  std::vector<Action> posted_;
};

}  // namespace macula::dht::quic
