// The event queue against the heaps it replaces, in the hold model: pop the next event, push
// another a random while later, so that the number pending stays.
//
// The whiles are those of a DHT's timers: 90 % are 5 to 40 ms (messages), 5 % about 5 s (timeouts),
// 5 % about 60 s (upkeep). A heap by time alone leaves ties in any order, which a simulator cannot
// use; the heap by (time, number) keeps the order the queue promises. All three take turns, kRounds
// times; the figures are medians, of nanoseconds of CPU time a turn of the model and, round by
// round, of what the queue takes of the numbered heap's time.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <queue>
#include <vector>

#include "sim/engine/event_queue.h"
#include "sim/engine/random.h"

namespace macula::sim {
namespace {

class Delays {
 public:
  std::int64_t next() {
    const std::uint64_t bits = random_.next();
    const std::uint64_t share = bits & 1023;
    const std::uint64_t fine = bits >> 10;
    constexpr std::uint64_t kMillisecond = 1'000'000;
    if (share < 922) {
      return static_cast<std::int64_t>(5 * kMillisecond + fine % (35 * kMillisecond));
    }
    const std::uint64_t seconds = share < 973 ? 5 : 60;
    return static_cast<std::int64_t>(seconds * 1000 * kMillisecond + fine % kMillisecond);
  }

 private:
  RandomStream random_{1};
};

struct ByTime {
  bool operator()(const Event& a, const Event& b) const { return a.time_ns > b.time_ns; }
};

// std::priority_queue, ties in any order.
class PlainHeap {
 public:
  void push(Time time, std::uint32_t slot, std::uint32_t tag) {
    heap_.push(Event{to_ns(time), slot, tag});
  }
  Event pop() {
    const Event event = heap_.top();
    heap_.pop();
    return event;
  }

 private:
  std::priority_queue<Event, std::vector<Event>, ByTime> heap_;
};

// std::priority_queue, first come first served.
class NumberedHeap {
 public:
  void push(Time time, std::uint32_t slot, std::uint32_t tag) {
    heap_.push(Numbered{Event{to_ns(time), slot, tag}, count_++});
  }
  Event pop() {
    const Event event = heap_.top().event;
    heap_.pop();
    return event;
  }

 private:
  struct Numbered {
    Event event;
    std::uint64_t number;
  };
  struct Later {
    bool operator()(const Numbered& a, const Numbered& b) const {
      return a.event.time_ns != b.event.time_ns ? a.event.time_ns > b.event.time_ns
                                                : a.number > b.number;
    }
  };
  std::priority_queue<Numbered, std::vector<Numbered>, Later> heap_;
  std::uint64_t count_ = 0;
};

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

double cpu_ns() {
  timespec time{};
  static_cast<void>(::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time));
  return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

// The model with one kind of queue, from when its mix of what waits is that of a long run: the
// short delays have made room for the long.
template <typename Queue>
class Hold {
 public:
  explicit Hold(std::uint32_t pending) {
    for (std::uint32_t i = 0; i < pending; ++i) {
      queue_.push(time_from_ns(delays_.next()), i, 0);
    }
    for (std::uint32_t i = 0; i < 4 * pending; ++i) turn();
  }

  // CPU time of a turn, of `count` of them.
  double turns(int count) {
    const double begin = cpu_ns();
    for (int i = 0; i < count; ++i) turn();
    return (cpu_ns() - begin) / count;
  }

 private:
  void turn() {
    const Event event = queue_.pop();
    queue_.push(time_from_ns(event.time_ns + delays_.next()), event.slot, event.tag);
    benchmark::DoNotOptimize(event.slot);
  }

  Queue queue_;
  Delays delays_;
};

void hold(benchmark::State& state) {
  constexpr int kRounds = 11;
  constexpr int kTurns = 200'000;
  const auto pending = static_cast<std::uint32_t>(state.range(0));
  Hold<PlainHeap> plain(pending);
  Hold<NumberedHeap> numbered(pending);
  Hold<EventQueue> queue(pending);
  for (auto _ : state) {
    std::vector<double> plain_ns, numbered_ns, queue_ns, ratios;
    for (int round = 0; round < kRounds; ++round) {
      plain_ns.push_back(plain.turns(kTurns));
      numbered_ns.push_back(numbered.turns(kTurns));
      queue_ns.push_back(queue.turns(kTurns));
      ratios.push_back(queue_ns.back() / numbered_ns.back());
    }
    state.counters["plain_heap_ns"] = median(plain_ns);
    state.counters["numbered_heap_ns"] = median(numbered_ns);
    state.counters["queue_ns"] = median(queue_ns);
    state.counters["of_numbered_heap"] = median(ratios);
  }
}
BENCHMARK(hold)
    ->ArgName("pending")
    ->Arg(1'000)
    ->Arg(100'000)
    ->Arg(1'000'000)
    ->Arg(5'000'000)
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace macula::sim
