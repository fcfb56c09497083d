#include "dht/quic/udp/loop.h"

#include <sched.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

#include "base/check.h"
#include "dht/quic/udp/monotonic_clock.h"

namespace macula::dht::quic {
namespace {

constexpr int kEventsOfARound = 64;

std::string last_error(const char* what) {
  return std::string(what) + ": " + std::generic_category().message(errno);
}

timespec to_timespec(Duration duration) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration);
  timespec time{};
  time.tv_sec = seconds.count();
  time.tv_nsec = (duration - seconds).count();
  return time;
}

}  // namespace

tl::expected<std::unique_ptr<Loop>, std::string> Loop::create(Clock& clock) {
  UniqueFd epoll(::epoll_create1(EPOLL_CLOEXEC));
  if (!epoll) return tl::unexpected(last_error("epoll"));
  UniqueFd wake(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  if (!wake) return tl::unexpected(last_error("eventfd"));
  std::unique_ptr<Loop> loop(new Loop(clock, std::move(epoll), std::move(wake)));
  Loop* self = loop.get();
  if (!loop->watch(loop->wake_.get(), EPOLLIN, [self](std::uint32_t) { self->call_posted(); })) {
    return tl::unexpected(last_error("epoll"));
  }
  return loop;
}

Loop::Loop(Clock& clock, UniqueFd epoll, UniqueFd wake)
    : clock_(clock), epoll_(std::move(epoll)), wake_(std::move(wake)) {}

Loop::~Loop() = default;

std::optional<Loop::WatchId> Loop::watch(int fd, std::uint32_t events, Ready ready) {
  const WatchId id{++last_id_};
  epoll_event event{};
  event.events = events;
  event.data.u64 = last_id_;
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) return std::nullopt;
  watches_.emplace(id, std::make_shared<Watch>(Watch{fd, std::move(ready)}));
  return id;
}

void Loop::change(WatchId watch, std::uint32_t events) {
  const auto at = watches_.find(watch);
  MACULA_CHECK(at != watches_.end());
  epoll_event event{};
  event.events = events;
  event.data.u64 = static_cast<std::uint64_t>(watch);
  MACULA_CHECK(::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, at->second->fd, &event) == 0);
}

void Loop::forget(WatchId watch) {
  const auto at = watches_.find(watch);
  if (at == watches_.end()) return;
  static_cast<void>(::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, at->second->fd, nullptr));
  watches_.erase(at);
}

Loop::DeadlineId Loop::at(Time deadline, Action action) {
  const DeadlineId id{++last_id_};
  deadlines_.emplace(DeadlineKey{deadline, id}, std::move(action));
  deadline_times_.emplace(id, deadline);
  return id;
}

void Loop::cancel(DeadlineId deadline) {
  const auto at = deadline_times_.find(deadline);
  if (at == deadline_times_.end()) return;
  deadlines_.erase({at->second, deadline});
  deadline_times_.erase(at);
}

void Loop::post(Action action) {
  {
    const std::lock_guard lock(posted_mutex_);
    posted_.push_back(std::move(action));
  }
  const std::uint64_t one = 1;
  // It fails only where the counter is full, and then the loop is awake anyway.
  static_cast<void>(::write(wake_.get(), &one, sizeof(one)) == 0);
}

bool Loop::on_signal(std::initializer_list<int> signals, std::function<void(int)> handler) {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int signal : signals) ::sigaddset(&set, signal);
  if (::pthread_sigmask(SIG_BLOCK, &set, nullptr) != 0) return false;
  if (signal_watch_) forget(*signal_watch_);
  signals_.reset(::signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
  if (!signals_) return false;
  signal_watch_ =
      watch(signals_.get(), EPOLLIN,
            [this, handler = std::move(handler)](std::uint32_t) { read_signals(handler); });
  return signal_watch_.has_value();
}

void Loop::read_signals(const std::function<void(int)>& handler) {
  signalfd_siginfo info{};
  while (::read(signals_.get(), &info, sizeof(info)) == sizeof(info)) {
    handler(static_cast<int>(info.ssi_signo));
  }
}

void Loop::join(LoopMember& member) {
  members_.push_back(&member);
}

void Loop::leave(LoopMember& member) {
  members_.erase(std::remove(members_.begin(), members_.end(), &member), members_.end());
}

void Loop::run() {
  do {
    run_once(std::chrono::hours(1));
  } while (!stopped_);
}

void Loop::run_once(Duration longest) {
  stopped_ = false;
  const Time begin = now();
  Time wake_at = std::min(settle_members(begin), begin + longest);
  if (!deadlines_.empty()) wake_at = std::min(wake_at, deadlines_.begin()->first.first);
  if (stopped_) return;
  handle_events(wake_at);
  call_deadlines();
}

Time Loop::settle_members(Time now) {
  Time next = kTimeMax;
  for (LoopMember* member : members_) next = std::min(next, member->settle(now));
  return next;
}

int Loop::wait(epoll_event* events, Time wake_at) {
  // Waiting takes time of this machine, whatever the loop's clock says.
  const Time until = clock_.wait_until(wake_at);
  int count = poll(events, until);
  if (count > 0) {
    ++waits_.polled;
  } else {
    const Duration left = std::max(until - monotonic_now(), Duration{0});
    const timespec timeout = to_timespec(left);
    count = ::epoll_pwait2(epoll_.get(), events, kEventsOfARound, &timeout, nullptr);
    waits_.slept += left > Duration{0} ? 1 : 0;
  }
  if (count == 0) clock_.waited(wake_at);
  polls_.end(count > 0);
  return count;
}

int Loop::poll(epoll_event* events, Time until) {
  const Time begin = monotonic_now();
  const Time poll_until = std::min(until, begin + polls_.begin(begin));
  if (poll_until <= begin) return 0;
  int count = 0;
  Time now = begin;
  while ((count = ::epoll_wait(epoll_.get(), events, kEventsOfARound, 0)) == 0 &&
         now < poll_until) {
    ::sched_yield();  // to whom it waits for, if that needs this core
    now = monotonic_now();
  }
  polls_.polled(monotonic_now() - begin, count > 0);
  return std::max(count, 0);
}

void Loop::handle_events(Time wake_at) {
  std::array<epoll_event, kEventsOfARound> events{};
  const int count = wait(events.data(), wake_at);
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    const auto at = watches_.find(WatchId{event.data.u64});
    if (at == watches_.end()) continue;               // forgotten by a handler of this round
    const std::shared_ptr<Watch> watch = at->second;  // the handler may forget itself
    watch->ready(event.events);
  }
}

void Loop::call_deadlines() {
  const Time due = now();
  while (!deadlines_.empty() && deadlines_.begin()->first.first <= due) {
    const auto first = deadlines_.begin();
    const Action action = std::move(first->second);
    deadline_times_.erase(first->first.second);
    deadlines_.erase(first);
    action();
  }
}

void Loop::call_posted() {
  std::uint64_t count = 0;
  static_cast<void>(::read(wake_.get(), &count, sizeof(count)) == 0);
  std::vector<Action> actions;
  {
    const std::lock_guard lock(posted_mutex_);
    actions.swap(posted_);
  }
  for (const Action& action : actions) action();
}

}  // namespace macula::dht::quic
