// The event queue against the heaps it replaces, in the hold model: pop the next event, push
// another a random while later, so that the number pending stays.
//
// The whiles are those of a DHT's timers: 90 % are 5 to 40 ms (messages), 5 % about 5 s (timeouts),
// 5 % about 60 s (upkeep). A heap by time alone leaves ties in any order, which a simulator cannot
// use; the heap by (time, number) keeps the order the queue promises.
#include <benchmark/benchmark.h>

#include <cstdint>
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

template <typename Queue>
void hold(benchmark::State& state) {
  Queue queue;
  Delays delays;
  const auto pending = static_cast<std::uint32_t>(state.range(0));
  for (std::uint32_t i = 0; i < pending; ++i) {
    queue.push(time_from_ns(delays.next()), i, 0);
  }
  const auto turn = [&] {
    const Event event = queue.pop();
    queue.push(time_from_ns(event.time_ns + delays.next()), event.slot, event.tag);
    benchmark::DoNotOptimize(event.slot);
  };
  // Until the mix of what waits is that of a long run: the short delays have made room for the
  // long.
  for (std::uint32_t i = 0; i < 4 * pending; ++i) {
    turn();
  }
  for (auto _ : state) {
    turn();
  }
  state.SetItemsProcessed(state.iterations());
}

// A fixed number of turns: the library would else fill each queue again for every guess at it.
#define HOLD(Queue)      \
  BENCHMARK(hold<Queue>) \
      ->Arg(1'000)       \
      ->Arg(100'000)     \
      ->Arg(1'000'000)   \
      ->Arg(5'000'000)   \
      ->Iterations(2'000'000)

HOLD(PlainHeap);
HOLD(NumberedHeap);
HOLD(EventQueue);

}  // namespace
}  // namespace macula::sim
